using Microsoft.Extensions.Logging;
using WebhookKit.Deliveries;

namespace WebhookKit.Dispatch;

/// <summary>Finds endpoints with something due that nobody announced, page by page.</summary>
internal sealed class SweepStep(
    IDeliveryStore deliveries,
    DueEndpoints due,
    JitterSource jitter,
    SenderOptions options,
    TimeProvider timeProvider,
    ILogger logger)
{
    private const int PageSize = 1_000;
    private const int SkipBatch = 500;

    // Sweeping takes at most a tenth of the loop's time.
    private const int RestPerWork = 9;

    private EndpointId? _after;
    private long? _sweptAt;
    private TimeSpan _rest;

    /// <summary>Whether the last run looked at the store.</summary>
    public bool HasSwept { get; private set; }

    /// <summary>How long until the next page is due.</summary>
    public TimeSpan NextIn => _sweptAt is { } sweptAt ? _rest - timeProvider.GetElapsedTime(sweptAt) : TimeSpan.Zero;

    public async ValueTask RunAsync(CancellationToken cancellationToken)
    {
        HasSwept = false;
        if (NextIn > TimeSpan.Zero)
        {
            return;
        }

        var started = timeProvider.GetTimestamp();
        var page = await deliveries.SweepAsync(_after, PageSize, cancellationToken).ConfigureAwait(false);

        // Nodes that sweep at the same time should not all lease from the same endpoints first.
        var first = (int)(jitter.Next() * page.Count);
        for (var i = 0; i < page.Count; i++)
        {
            var found = page[(first + i) % page.Count];
            if (found.Status != EndpointStatus.Disabled)
            {
                due.Add(found.EndpointId, found.DueIn);
            }
        }

        foreach (var disabled in page.Where(found => found.Status == EndpointStatus.Disabled))
        {
            await SkipAsync(disabled.EndpointId, cancellationToken).ConfigureAwait(false);
        }

        var isLast = page.Count < PageSize;
        _after = isLast ? null : page[^1].EndpointId;
        var rest = timeProvider.GetElapsedTime(started) * RestPerWork;
        _rest = isLast && rest < options.PollInterval ? options.PollInterval : rest;
        _sweptAt = timeProvider.GetTimestamp();
        HasSwept = true;
    }

    private async ValueTask SkipAsync(EndpointId id, CancellationToken cancellationToken)
    {
        int skipped;
        do
        {
            skipped = await deliveries.SkipDisabledAsync(id, SkipBatch, cancellationToken).ConfigureAwait(false);
            if (skipped > 0)
            {
                logger.DeliveriesSkipped(skipped, id);
            }
        }
        while (skipped == SkipBatch);
    }
}
