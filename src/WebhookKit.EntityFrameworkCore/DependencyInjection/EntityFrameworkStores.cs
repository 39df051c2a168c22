using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using WebhookKit.Deliveries;
using WebhookKit.Diagnostics;
using WebhookKit.Endpoints;
using WebhookKit.EntityFrameworkCore.Deliveries;
using WebhookKit.EntityFrameworkCore.Dialects;
using WebhookKit.EntityFrameworkCore.Endpoints;
using WebhookKit.EntityFrameworkCore.Erasure;
using WebhookKit.EntityFrameworkCore.Handshakes;
using WebhookKit.EntityFrameworkCore.Idempotency;
using WebhookKit.EntityFrameworkCore.Inbox;
using WebhookKit.EntityFrameworkCore.Outbox;
using WebhookKit.EntityFrameworkCore.Publishing;
using WebhookKit.EntityFrameworkCore.Retention;
using WebhookKit.Erasure;
using WebhookKit.Handshakes;
using WebhookKit.Idempotency;
using WebhookKit.Inbox;
using WebhookKit.Outbox;
using WebhookKit.Publishing;
using WebhookKit.Retention;

namespace WebhookKit.EntityFrameworkCore.DependencyInjection;

/// <summary>Registers every store contract over one context; all are singletons that open scopes of their own.</summary>
internal static class EntityFrameworkStores
{
    public static void AddStores<TContext>(IServiceCollection services)
        where TContext : DbContext
    {
        services.TryAddScoped<ScopedContext<TContext>>();
        services.TryAddSingleton<DatabaseClock>();
        services.TryAddSingleton<DialectChoice>();
        // Not the injected time, which a host may fake: what is measured is how long writers really wait.
        services.TryAddSingleton(_ => new WriterTurns(TimeProvider.System));
        services.TryAddSingleton<CaptureOptionsExtension>();
        services.TryAddSingleton<StoreDatabase, StoreDatabase<TContext>>();
        services.TryAddSingleton<DeliveryStatements>();
        services.TryAddSingleton<OutboxStatements>();
        services.TryAddSingleton<IStoreDiagnostics, EntityFrameworkStoreDiagnostics>();
        services.TryAddSingleton<KeptContexts>();
        services.TryAddSingleton<EndpointReader>();
        services.TryAddSingleton<FanOutRows>();
        services.TryAddSingleton<SqliteFanOut>();
        services.TryAddSingleton<ClaimGate>();
        services.TryAddSingleton<IOutboxStore, EntityFrameworkOutboxStore>();
        services.TryAddSingleton<IDeliveryStore, EntityFrameworkDeliveryStore>();
        services.TryAddSingleton<IRedeliveryStore, EntityFrameworkRedeliveryStore>();
        services.TryAddSingleton<ICancellationStore, EntityFrameworkCancellationStore>();
        services.TryAddSingleton<IEndpointStore, EntityFrameworkEndpointStore>();
        services.TryAddSingleton<IEndpointRegistryStore, EntityFrameworkEndpointRegistryStore>();
        services.TryAddSingleton<IHandlerTransaction, EntityFrameworkHandlerTransaction>();
        services.TryAddScoped<IHandlerPublisher, EntityFrameworkHandlerPublisher>();
        services.TryAddSingleton<IClaimStore, EntityFrameworkClaimStore>();
        services.TryAddSingleton<SourceSecretProtection>();
        services.TryAddSingleton<ISourceSecretStore, EntityFrameworkSourceSecretStore>();
        services.TryAddSingleton<InboxPositions>();
        services.TryAddSingleton<IInboxStore, EntityFrameworkInboxStore>();
        services.TryAddSingleton<IInboxDeadLetterStore, EntityFrameworkInboxDeadLetterStore>();
        services.TryAddSingleton<IRetentionStore, EntityFrameworkRetentionStore>();
        services.TryAddSingleton<IErasureStore, EntityFrameworkErasureStore>();
    }
}
