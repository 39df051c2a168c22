using Microsoft.Extensions.DependencyInjection;
using WebhookKit.Deliveries;
using WebhookKit.Endpoints;
using WebhookKit.Erasure;
using WebhookKit.Handshakes;
using WebhookKit.Idempotency;
using WebhookKit.Inbox;
using WebhookKit.Outbox;
using WebhookKit.Retention;

namespace WebhookKit.StoreConformance;

/// <summary>One fresh, empty store, and what a test needs around it.</summary>
public abstract class StoreHarness : IAsyncDisposable
{
    public abstract IServiceProvider Services { get; }

    /// <summary>Whether effects of a handler that failed are undone; a store in memory cannot do that.</summary>
    public virtual bool EffectsAreTransactional => true;

    public IOutboxStore Outbox => Services.GetRequiredService<IOutboxStore>();

    public IDeliveryStore Deliveries => Services.GetRequiredService<IDeliveryStore>();

    public IRedeliveryStore Redelivery => Services.GetRequiredService<IRedeliveryStore>();

    public ICancellationStore Cancellation => Services.GetRequiredService<ICancellationStore>();

    public IEndpointStore Endpoints => Services.GetRequiredService<IEndpointStore>();

    public IEndpointRegistryStore Registry => Services.GetRequiredService<IEndpointRegistryStore>();

    public IHandlerTransaction HandlerTransaction => Services.GetRequiredService<IHandlerTransaction>();

    public IClaimStore Claims => Services.GetRequiredService<IClaimStore>();

    public IRetentionStore Retention => Services.GetRequiredService<IRetentionStore>();

    public IErasureStore Erasure => Services.GetRequiredService<IErasureStore>();

    public ISourceSecretStore SourceSecrets => Services.GetRequiredService<ISourceSecretStore>();

    public IInboxStore Inbox => Services.GetRequiredService<IInboxStore>();

    public IInboxDeadLetterStore InboxDeadLetters => Services.GetRequiredService<IInboxDeadLetterStore>();

    /// <summary>Moves the store's own clock forward.</summary>
    public abstract Task AdvanceAsync(TimeSpan by);

    /// <summary>
    /// Puts messages into the outbox as the commit of a host's transaction does: nobody looks at idempotency keys
    /// before fan-out.
    /// </summary>
    public abstract Task CaptureAsync(IReadOnlyList<WebhookMessage> messages);

    /// <summary>Called by a handler: writes a row of the host's own, in the handler's transaction.</summary>
    public abstract Task RecordEffectAsync(IServiceProvider scope, string text);

    /// <summary>Counts the rows that <see cref="RecordEffectAsync"/> wrote and that are there to stay.</summary>
    public abstract Task<int> CountEffectsAsync();

    public abstract ValueTask DisposeAsync();
}
