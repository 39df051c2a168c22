namespace WebhookKit.Dispatch;

/// <summary>How late a request may begin for its slot. Thread-safe.</summary>
/// <remarks>
/// The slots of an endpoint with a rate are shared by all nodes. What a stalled machine has held up would begin together
/// with the requests whose slots come then, here and on other nodes: it loses its slots and is given later ones. So within
/// any time there are no more requests than slots in that time and the tolerance before it. Only what is late beyond the
/// usual counts: what always lies between a lease and its requests moves them all alike, and a database far away must not
/// make every slot a lost one.
/// </remarks>
internal sealed class SlotTolerance(TimeProvider timeProvider)
{
    /// <summary>The least, of which a second sees no more than 5 % of requests beyond its own.</summary>
    public static readonly TimeSpan Least = TimeSpan.FromMilliseconds(50);

    private const int PartOfInterval = 20;

    // Slow enough that no single stall counts as usual, however many requests it holds up.
    private const int PartOfTimeLearned = 50;

    private static readonly TimeSpan MostLearnedFrom = TimeSpan.FromSeconds(1);

    private readonly Lock _gate = new();
    private TimeSpan _usual;
    private long _learnedAt = timeProvider.GetTimestamp();

    /// <summary>Learns how long it took from asking for a lease until a request of it could have begun.</summary>
    public void Learn(TimeSpan preparation)
    {
        lock (_gate)
        {
            var now = timeProvider.GetTimestamp();
            var since = timeProvider.GetElapsedTime(_learnedAt, now);
            _learnedAt = now;
            var most = _usual + (since < MostLearnedFrom ? since : MostLearnedFrom) / PartOfTimeLearned;
            _usual = preparation < most ? preparation : most;
        }
    }

    /// <summary>How late a request may begin.</summary>
    /// <param name="rate">The endpoint's rate, or <see langword="null"/>: its slots are those of its recovery.</param>
    public TimeSpan Of(EndpointRate? rate)
    {
        var part = (rate?.Interval ?? TimeSpan.Zero) / PartOfInterval;
        lock (_gate)
        {
            return _usual + (part > Least ? part : Least);
        }
    }
}
