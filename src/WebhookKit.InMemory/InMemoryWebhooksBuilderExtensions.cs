using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using WebhookKit.Deliveries;
using WebhookKit.DependencyInjection;
using WebhookKit.Endpoints;
using WebhookKit.Erasure;
using WebhookKit.Handshakes;
using WebhookKit.Idempotency;
using WebhookKit.Inbox;
using WebhookKit.InMemory;
using WebhookKit.InMemory.Deliveries;
using WebhookKit.InMemory.Endpoints;
using WebhookKit.InMemory.Erasure;
using WebhookKit.InMemory.Handshakes;
using WebhookKit.InMemory.Idempotency;
using WebhookKit.InMemory.Inbox;
using WebhookKit.InMemory.Outbox;
using WebhookKit.InMemory.Retention;
using WebhookKit.Outbox;
using WebhookKit.Publishing;
using WebhookKit.Retention;

namespace WebhookKit;

/// <summary>Chooses the store in memory.</summary>
public static class InMemoryWebhooksBuilderExtensions
{
    /// <summary>Keeps messages, deliveries, endpoints and claims in this process's memory, for tests and first steps.</summary>
    /// <param name="builder">The builder that <c>AddWebhooks()</c> gave.</param>
    /// <param name="configure">Changes how much is kept.</param>
    /// <remarks>
    /// Everything is lost when the process ends, and a handler's effects do not commit together with its claim: a
    /// handler that fails halfway runs again on what it has left behind. May be called more than once.
    /// </remarks>
    public static WebhooksBuilder UseInMemoryStore(this WebhooksBuilder builder, Action<InMemoryStoreOptions>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(builder);
        var services = builder.Services;
        if (configure is not null)
        {
            services.Configure(configure);
        }

        services.AddSingleton(new StoreRegistration("UseInMemoryStore()"));
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IStartupCheck, InMemoryStoreStartupCheck>());

        services.TryAddSingleton<SenderState>();
        services.TryAddSingleton<IOutboxStore, InMemoryOutboxStore>();
        services.TryAddSingleton<IHandlerPublisher, InMemoryHandlerPublisher>();
        services.TryAddSingleton<IRedeliveryStore, InMemoryRedeliveryStore>();
        services.TryAddSingleton<ICancellationStore, InMemoryCancellationStore>();
        services.TryAddSingleton<IDeliveryStore, InMemoryDeliveryStore>();
        services.TryAddSingleton<IEndpointStore, InMemoryEndpointStore>();
        services.TryAddSingleton<IEndpointRegistryStore, InMemoryEndpointRegistryStore>();

        services.TryAddSingleton<ClaimTable>();
        services.TryAddSingleton<IClaimStore, InMemoryClaimStore>();
        services.TryAddSingleton<IHandlerTransaction, InMemoryHandlerTransaction>();
        services.TryAddSingleton<InboxTable>();
        services.TryAddSingleton<InMemoryInboxStore>();
        services.TryAddSingleton<IInboxStore>(provider => provider.GetRequiredService<InMemoryInboxStore>());
        services.TryAddSingleton<IInboxDeadLetterStore, InMemoryInboxDeadLetterStore>();

        services.TryAddSingleton<InMemorySourceSecretStore>();
        services.TryAddSingleton<ISourceSecretStore>(provider => provider.GetRequiredService<InMemorySourceSecretStore>());

        services.TryAddSingleton<IRetentionStore, InMemoryRetentionStore>();
        services.TryAddSingleton<IErasureStore, InMemoryErasureStore>();
        return builder;
    }
}
