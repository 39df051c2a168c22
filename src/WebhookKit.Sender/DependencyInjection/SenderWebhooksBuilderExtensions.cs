using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using WebhookKit.DependencyInjection;
using WebhookKit.Dispatch;
using WebhookKit.Endpoints;
using WebhookKit.Endpoints.Authorization;
using WebhookKit.Endpoints.Registry;
using WebhookKit.Publishing;
using WebhookKit.Redelivery;
using WebhookKit.Rendering;
using WebhookKit.Retention;
using WebhookKit.Sending;

namespace WebhookKit;

/// <summary>Adds the sender to an application.</summary>
public static class SenderWebhooksBuilderExtensions
{
    /// <summary>Adds <see cref="IWebhookPublisher"/> and the dispatcher; a store has to be added too.</summary>
    /// <param name="builder">The builder of <c>AddWebhooks()</c>.</param>
    /// <param name="configure">Names event types and endpoints.</param>
    /// <remarks>May be called more than once; every call adds to the same sender.</remarks>
    public static WebhooksBuilder AddSender(this WebhooksBuilder builder, Action<SenderBuilder>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(builder);
        var services = builder.Services;
        services.TryAddSingleton<DeclaredSecrets>();
        services.TryAddSingleton<DeclaredEndpoints>();
        services.TryAddSingleton<ClientCertificates>();
        services.TryAddSingleton<TokenClient>();
        services.TryAddSingleton<AccessTokens>();
        services.TryAddSingleton<EndpointSigners>();
        services.TryAddSingleton<TenantPolicies>();
        services.TryAddSingleton<EndpointPolicies>();
        services.TryAddSingleton<PayloadRenderer>();
        services.TryAddSingleton<SecretVault>();
        services.TryAddSingleton<StoredCredentials>();
        services.TryAddSingleton<GuardedTransport>();
        services.TryAddSingleton<AttemptSender>();
        services.TryAddSingleton<DispatchStatus>();
        services.TryAddSingleton<OperationalEvents>();

        // Through factories, so that a host that validates its services on build still gets to our error about the store.
        services.TryAddSingleton<IWebhookPublisher>(provider => ActivatorUtilities.CreateInstance<WebhookPublisher>(provider));
        services.TryAddSingleton<IWebhookRedelivery>(provider => ActivatorUtilities.CreateInstance<WebhookRedelivery>(provider));
        services.TryAddSingleton<IWebhookCancellation>(provider => ActivatorUtilities.CreateInstance<WebhookCancellation>(provider));
        services.TryAddSingleton(provider => ActivatorUtilities.CreateInstance<DispatchLoop>(provider));
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IStartupCheck, SenderStartupCheck>());
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IRetentionStep, DeliveryRetentionStep>());
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IRetentionStep, MessageRetentionStep>());
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IRetentionStep, IdempotencyKeyRetentionStep>());
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IRetentionStep, RedeliveryRetentionStep>());
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IRetentionStep, EndpointRetentionStep>());
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IHostedService, Dispatcher>());
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IHostedService, RedeliveryService>());
        configure?.Invoke(new SenderBuilder(services));
        return builder;
    }
}
