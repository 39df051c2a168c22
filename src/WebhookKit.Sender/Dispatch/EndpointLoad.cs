using WebhookKit.Deliveries;

namespace WebhookKit.Dispatch;

/// <summary>What this process knows of one endpoint: its attempts in flight, how long they take, how many it bears.</summary>
internal sealed class EndpointLoad(int maxInFlight)
{
    // Two, so that a retry does not keep first attempts out.
    public const int FewestSlots = 2;

    // The last attempt counts for a quarter, all before it for the rest.
    private const int Weight = 4;

    private int? _limit;
    private long _startedSum;
    private TimeSpan? _recent;

    public int InFlight { get; private set; }

    public int Retries { get; private set; }

    /// <summary>How many attempts it bears at once: fewer after a failure, one more with every success.</summary>
    public int Slots { get; private set; } = Math.Max(Quarter(maxInFlight), Math.Min(FewestSlots, maxInFlight));

    /// <summary>How many attempts its policy allows at once.</summary>
    public int Most
    {
        get => _limit ?? maxInFlight;
        set
        {
            _limit = Math.Clamp(value, 1, maxInFlight);
            Slots = Math.Min(Slots, Most);
        }
    }

    /// <summary>What its slots are counted among.</summary>
    public EndpointPace Pace { get; set; }

    /// <summary>Whether a lease could take no retry for want of a slot.</summary>
    public bool HasRetriesPassedOver { get; set; }

    /// <summary>Until when it has asked for nothing, by what this process has been answered.</summary>
    public long? ClosedUntil { get; set; }

    /// <summary>When it last gave a sample of how long attempts take.</summary>
    public long? SampledAt { get; set; }

    public static int Quarter(int slots) => (slots + 3) / 4;

    public void Take(LeasedDelivery delivery, long startedAt)
    {
        InFlight++;
        Retries += RetriesOf(delivery);
        _startedSum = unchecked(_startedSum + startedAt);
    }

    public void GiveBack(LeasedDelivery delivery, long startedAt)
    {
        InFlight--;
        Retries -= RetriesOf(delivery);
        _startedSum = unchecked(_startedSum - startedAt);
    }

    public void Record(AttemptOutcome outcome, TimeSpan duration)
    {
        _recent = _recent is { } recent ? recent + (duration - recent) / Weight : duration;
        Slots = Math.Clamp(SlotsAfter(outcome), Math.Min(FewestSlots, Most), Most);
    }

    /// <summary>Compares recent attempts, those in flight included, with what is typical.</summary>
    public EndpointPace FindPace(TypicalDuration typical, TimeProvider timeProvider)
    {
        var age = MeanAge(timeProvider);
        return age > typical.LongestOfSlow || _recent > typical.LongestOfSlow ? EndpointPace.Hanging
            : age <= typical.LongestOfQuick && _recent <= typical.LongestOfQuick ? EndpointPace.Quick
            : EndpointPace.Slow;
    }

    // An endpoint that hangs shows in the age of what is in flight long before its first attempt runs out of time.
    private TimeSpan MeanAge(TimeProvider timeProvider)
    {
        if (InFlight == 0)
        {
            return TimeSpan.Zero;
        }

        // Sums of time stamps may wrap around; the difference of two is right all the same.
        var now = timeProvider.GetTimestamp();
        return timeProvider.GetElapsedTime(now - unchecked(now * InFlight - _startedSum) / InFlight, now);
    }

    private int SlotsAfter(AttemptOutcome outcome) => outcome switch
    {
        AttemptOutcome.Succeeded => Slots + 1,
        AttemptOutcome.Throttled or AttemptOutcome.Gone => 0,

        // Says something about the message or the set-up, not about how much the endpoint bears.
        AttemptOutcome.Refused or AttemptOutcome.Redirected
            or AttemptOutcome.UrlForbidden or AttemptOutcome.AddressForbidden => Slots,
        _ => Slots / 2,
    };

    private static int RetriesOf(LeasedDelivery delivery) => delivery.Attempts > 0 ? 1 : 0;
}
