using Microsoft.Extensions.Logging;
using WebhookKit.Deliveries;

namespace WebhookKit.Dispatch;

/// <summary>Skips what waits for endpoints that are disabled or deleted, a batch of one of them at a time: nobody else waits for all of it.</summary>
internal sealed class SkipStep(IDeliveryStore deliveries, TimeProvider timeProvider, ILogger logger)
{
    private const int Batch = 200;

    // Like sweeping, it takes at most a tenth of the loop's time.
    private const int RestPerWork = 9;

    private readonly DueEndpoints _ring = new(timeProvider);
    private long _endedAt = timeProvider.GetTimestamp();
    private TimeSpan _rest;

    /// <summary>Whether the step is worth repeating at once.</summary>
    public bool HasMore => NextIn <= TimeSpan.Zero;

    /// <summary>How long until the next batch.</summary>
    public TimeSpan NextIn => _ring.Count == 0 ? TimeSpan.MaxValue : _rest - timeProvider.GetElapsedTime(_endedAt);

    /// <summary>Remembers an endpoint until nothing waits for it.</summary>
    public void Add(EndpointId id) => _ring.Add(id, TimeSpan.Zero);

    public async ValueTask RunAsync(CancellationToken cancellationToken)
    {
        if (NextIn > TimeSpan.Zero || !_ring.TryTake(out var id))
        {
            return;
        }

        var started = timeProvider.GetTimestamp();
        var hasMore = true;
        try
        {
            var skipped = await deliveries.SkipDisabledAsync(id, Batch, cancellationToken).ConfigureAwait(false);
            hasMore = skipped == Batch;
            if (skipped > 0)
            {
                logger.DeliveriesSkipped(skipped, id);
            }
        }
        finally
        {
            // At the end: one with a big backlog, or of which nothing can be written, lets the others pass.
            if (hasMore)
            {
                Add(id);
            }

            _endedAt = timeProvider.GetTimestamp();
            _rest = timeProvider.GetElapsedTime(started, _endedAt) * RestPerWork;
        }
    }
}
