namespace WebhookKit.Dispatch;

/// <summary>The median of the last successful attempts' durations, and where slow begins.</summary>
/// <remarks>Of successes only: were most endpoints to hang, hanging would be typical and nobody slow.</remarks>
internal sealed class TypicalDuration
{
    private const int Samples = 63;

    // Endpoints are not told apart by chance, nor where slots come back faster than they can be filled.
    private const int SlowFactor = 2;
    private const int HangingFactor = 8;
    private static readonly TimeSpan NeverSlow = TimeSpan.FromMilliseconds(100);

    private readonly Queue<TimeSpan> _last = new(Samples);
    private readonly List<TimeSpan> _sorted = new(Samples);

    /// <summary>The longest that an endpoint's attempts may take without being slow.</summary>
    public TimeSpan LongestOfQuick { get; private set; } = NeverSlow;

    /// <summary>The longest that they may take without being said to hang.</summary>
    public TimeSpan LongestOfSlow => LongestOfQuick * HangingFactor;

    public void Add(TimeSpan duration)
    {
        if (_last.Count == Samples)
        {
            _sorted.RemoveAt(_sorted.BinarySearch(_last.Dequeue()));
        }

        _last.Enqueue(duration);
        var place = _sorted.BinarySearch(duration);
        _sorted.Insert(place < 0 ? ~place : place, duration);
        var median = _sorted[(_sorted.Count - 1) / 2];
        LongestOfQuick = median * SlowFactor > NeverSlow ? median * SlowFactor : NeverSlow;
    }
}
