using Microsoft.Extensions.Logging;
using WebhookKit.Deliveries;
using WebhookKit.Endpoints;
using WebhookKit.Outbox;
using WebhookKit.Publishing;

namespace WebhookKit.Redelivery;

/// <summary>Begins new cycles batch by batch; all that it remembers is in the store.</summary>
internal sealed class WebhookRedelivery(
    IRedeliveryStore store,
    IOutboxStore outbox,
    IEndpointStore endpoints,
    MessageFactory messages,
    DispatchSignal signal,
    TimeProvider timeProvider,
    ILogger<WebhookRedelivery> logger) : IWebhookRedelivery
{
    private const int MaxPerSecond = 10_000;
    private const int MaxBatch = 200;

    public ValueTask<RedeliveryPreview> PreviewAsync(RedeliverySelection selection, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(selection);
        return store.PreviewAsync(selection, cancellationToken);
    }

    public async Task<int> RedeliverAsync(
        RedeliverySelection selection, int maxPerSecond, IProgress<int>? progress, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(selection);
        ArgumentOutOfRangeException.ThrowIfLessThan(maxPerSecond, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(maxPerSecond, MaxPerSecond);
        if (selection.Until is null)
        {
            selection = (await store.PreviewAsync(selection, cancellationToken).ConfigureAwait(false)).Selection;
        }

        var batchSize = Math.Min(maxPerSecond, MaxBatch);
        var done = 0;
        while (true)
        {
            var count = await store.RedeliverAsync(selection, batchSize, cancellationToken).ConfigureAwait(false);
            done += count;
            if (count > 0)
            {
                progress?.Report(done);
                signal.WakeFor(WaitingWork.Deliveries);
                signal.WakeOthers(WaitingWork.Deliveries);
            }

            if (count < batchSize)
            {
                logger.Redelivered(done);
                return done;
            }

            await Task.Delay(TimeSpan.FromSeconds((double)count / maxPerSecond), timeProvider, cancellationToken).ConfigureAwait(false);
        }
    }

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
