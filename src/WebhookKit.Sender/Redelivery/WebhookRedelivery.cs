using WebhookKit.Deliveries;
using WebhookKit.Endpoints;
using WebhookKit.Identifiers;
using WebhookKit.Outbox;
using WebhookKit.Publishing;

namespace WebhookKit.Redelivery;

/// <summary>Stores what a person asks for; <see cref="RedeliveryService"/> carries it out.</summary>
internal sealed class WebhookRedelivery(
    IRedeliveryStore store,
    IOutboxStore outbox,
    IEndpointStore endpoints,
    MessageFactory messages,
    IdGenerator ids,
    DispatchSignal signal) : IWebhookRedelivery
{
    private const int MaxPerSecond = 10_000;

    public ValueTask<RedeliveryPreview> PreviewAsync(RedeliverySelection selection, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(selection);
        return store.PreviewAsync(selection, cancellationToken);
    }

    public async ValueTask<RedeliveryId> RedeliverAsync(
        RedeliverySelection selection, int maxPerSecond, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(selection);
        ArgumentOutOfRangeException.ThrowIfLessThan(maxPerSecond, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(maxPerSecond, MaxPerSecond);
        var id = ids.NewRedeliveryId();
        await store.BeginAsync(id, selection, maxPerSecond, cancellationToken).ConfigureAwait(false);
        return id;
    }

    public ValueTask<RedeliveryProgress?> FindAsync(RedeliveryId id, CancellationToken cancellationToken) =>
        store.FindAsync(id, cancellationToken);

    public ValueTask<bool> CancelAsync(RedeliveryId id, CancellationToken cancellationToken) => store.CancelAsync(id, cancellationToken);

    public async ValueTask<MessageId> SendTestAsync(EndpointId endpointId, RawEvent rawEvent, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(rawEvent);
        if (await endpoints.GetAsync([endpointId], cancellationToken).ConfigureAwait(false) is not [var endpoint])
        {
            throw new WebhookException($"There is no endpoint {endpointId} to send a test event to. Take an id that the store knows.");
        }

        if (endpoint.Status == EndpointStatus.Disabled)
        {
            throw new WebhookException(
                $"{endpointId} is disabled ({endpoint.StatusReason}), so that a test event would be skipped. Enable it first.");
        }

        var message = messages.Create(rawEvent, new PublishOptions { TenantId = endpoint.TenantId, TargetEndpointId = endpointId }) with
        {
            Origin = MessageOrigin.Test,
        };
        await outbox.AppendAsync([message], cancellationToken).ConfigureAwait(false);
        signal.Committed([message]);
        return message.Id;
    }
}
