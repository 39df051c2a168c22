using WebhookKit.Deliveries;
using WebhookKit.Publishing;

namespace WebhookKit.Dispatch;

/// <summary>Finds endpoints with something due that nobody announced, page by page.</summary>
internal sealed class SweepStep(
    IDeliveryStore deliveries,
    DueEndpoints due,
    SkipStep skip,
    DispatchSignal signal,
    DispatchStatus status,
    JitterSource jitter,
    SenderOptions options,
    TimeProvider timeProvider)
{
    private const int PageSize = 1_000;

    // Sweeping takes at most a tenth of the loop's time.
    private const int RestPerWork = 9;

    private EndpointId? _after;
    private long? _sweptAt;
    private TimeSpan _rest;
    private bool _isTold;
    private TimeSpan _oldestDue;

    /// <summary>Whether the last run looked at the store.</summary>
    public bool HasSwept { get; private set; }

    /// <summary>How long until the next page is due.</summary>
    public TimeSpan NextIn => _sweptAt is { } sweptAt ? Pause - timeProvider.GetElapsedTime(sweptAt) : TimeSpan.Zero;

    // After the last page there is time until the next poll, unless another node has told of deliveries.
    private TimeSpan Pause => _after is null && !_isTold && _rest < options.PollInterval ? options.PollInterval : _rest;

    public async ValueTask RunAsync(CancellationToken cancellationToken)
    {
        HasSwept = false;
        _isTold |= signal.TakeWaiting(WaitingWork.Deliveries);
        if (NextIn > TimeSpan.Zero)
        {
            return;
        }

        var started = timeProvider.GetTimestamp();
        var isFirst = _after is null;
        var page = await deliveries.SweepAsync(_after, PageSize, cancellationToken).ConfigureAwait(false);

        _oldestDue = isFirst ? TimeSpan.Zero : _oldestDue;

        // Nodes that sweep at the same time should not all lease from the same endpoints first.
        var first = (int)(jitter.Next() * page.Count);
        for (var i = 0; i < page.Count; i++)
        {
            var found = page[(first + i) % page.Count];
            if (found.Status == EndpointStatus.Disabled)
            {
                skip.Add(found.EndpointId);
                continue;
            }

            _oldestDue = found.DueIn < -_oldestDue ? -found.DueIn : _oldestDue;
            due.Add(found.EndpointId, found.DueIn);
        }

        // Told in the middle of a pass: the deliveries may be on a page already turned.
        _isTold &= !isFirst;
        _after = page.Count < PageSize ? null : page[^1].EndpointId;
        _rest = timeProvider.GetElapsedTime(started) * RestPerWork;
        _sweptAt = timeProvider.GetTimestamp();
        if (_after is null)
        {
            status.Swept(_oldestDue);
        }

        HasSwept = true;
    }
}
