using WebhookKit.Deliveries;
using WebhookKit.Endpoints;

namespace WebhookKit.Dispatch;

/// <summary>Counts attempts in flight, in all and per endpoint, and keeps half of the slots out of slow endpoints' reach. Thread-safe.</summary>
/// <remarks>Only the dispatch loop takes slots; attempts give them back from any thread.</remarks>
internal sealed class DispatchSlots(int max, int maxPerEndpoint, TimeProvider timeProvider)
{
    private static readonly TimeSpan AgePause = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan SamplePause = TimeSpan.FromSeconds(1);

    private readonly int _maxRemembered = Math.Max(16_384, 2 * max);

    // Slow endpoints share half of the slots, and of these those that hang one half, so that an endpoint that is only
    // slow, or new, is not kept out by those that hang.
    private readonly SlotCounts _most = new(max, Math.Max(max / 2, 1), Math.Max(max / 4, 1));
    private readonly Lock _gate = new();
    private readonly Dictionary<EndpointId, EndpointLoad> _endpoints = [];
    private readonly Dictionary<EndpointId, int> _holds = [];
    private readonly TypicalDuration _typical = new();
    private volatile bool _hasLimits;
    private SlotCounts _inFlight;
    private long _agesSeenAt;
    private TaskCompletionSource? _emptied;

    public SlotCounts Free
    {
        get
        {
            lock (_gate)
            {
                FindThoseThatHang();
                return _most.Minus(_inFlight);
            }
        }
    }

    /// <summary>Whether less than a quarter of all slots is free.</summary>
    public bool AreScarce => max - InUse < ScarceBelow;

    public int InUse
    {
        get
        {
            lock (_gate)
            {
                return _inFlight.All;
            }
        }
    }

    private int ScarceBelow => max / 4;

    /// <summary>What the endpoint may give to a lease.</summary>
    /// <param name="id">The endpoint.</param>
    /// <param name="promised">What it has been asked for already, and not yet given.</param>
    /// <param name="free">How many slots are left for all.</param>
    public LeaseBudget GetBudget(EndpointId id, int promised, SlotCounts free)
    {
        lock (_gate)
        {
            var load = Find(id);
            Classify(load);

            // When many are slow, each gets few, so that a new endpoint among them still finds a slot to show its speed.
            var areManySlow = free.Slow <= _most.Slow / 2;
            var most = load.Pace != EndpointPace.Quick && areManySlow ? Math.Min(load.Slots, EndpointLoad.FewestSlots) : load.Slots;
            var deliveries = _holds.ContainsKey(id) ? 0 : Math.Clamp(most - load.InFlight - promised, 0, Math.Max(free.For(load.Pace), 0));

            // A quarter of an endpoint's slots is kept for first attempts while retries wait.
            var maxRetries = Math.Max(most - EndpointLoad.Quarter(most), 1);
            var retries = Math.Clamp(maxRetries - load.Retries, 0, deliveries);
            load.HasRetriesPassedOver |= retries == 0 && load.Retries > 0;
            return new LeaseBudget(id, deliveries, retries);
        }
    }

    /// <summary>Lets the endpoint have at most so many attempts at once.</summary>
    /// <param name="id">The endpoint.</param>
    /// <param name="most">As its policy says, or null: as many as any other.</param>
    public void Limit(EndpointId id, int? most)
    {
        // Few endpoints have a limit; of the others nothing is asked.
        if (most is null && !_hasLimits)
        {
            return;
        }

        lock (_gate)
        {
            _hasLimits = true;
            Find(id).Most = most ?? maxPerEndpoint;
        }
    }

    /// <summary>Whether the endpoint has as many attempts in flight as its policy allows.</summary>
    public bool IsAtLimit(EndpointId id)
    {
        if (!_hasLimits)
        {
            return false;
        }

        lock (_gate)
        {
            var load = Find(id);
            return load.Most < maxPerEndpoint && load.InFlight >= load.Most;
        }
    }

    /// <summary>What the endpoint's slots are counted among.</summary>
    public EndpointPace GetPace(EndpointId id)
    {
        lock (_gate)
        {
            return Find(id).Pace;
        }
    }

    /// <summary>Whether enough slots of the endpoint are free to be worth a statement of their own.</summary>
    public bool IsWorthLeasing(EndpointId id)
    {
        lock (_gate)
        {
            var load = Find(id);
            return load.InFlight == 0 || load.Slots - load.InFlight >= EndpointLoad.Quarter(load.Slots);
        }
    }

    public void Take(LeasedDelivery delivery, LeaseClock lease)
    {
        lock (_gate)
        {
            var load = Find(delivery.EndpointId);
            load.Take(delivery, StartOf(delivery, lease));
            _inFlight = _inFlight.Plus(1, load.Pace);
        }
    }

    /// <summary>Learns from an attempt what the endpoint bears.</summary>
    public void Record(EndpointId id, Attempt attempt)
    {
        if (OutcomeRules.IsSendersFault(attempt.Outcome))
        {
            return;
        }

        lock (_gate)
        {
            var load = Find(id);
            load.Record(attempt.Outcome, attempt.Duration);

            // A busy endpoint counts for no more than others.
            if (attempt.Outcome == AttemptOutcome.Succeeded
                && !(load.SampledAt is { } sampledAt && timeProvider.GetElapsedTime(sampledAt) < SamplePause))
            {
                load.SampledAt = timeProvider.GetTimestamp();
                _typical.Add(attempt.Duration);
            }

            Classify(load);
        }
    }

    /// <returns>What the slot may have been waited for by.</returns>
    public SlotWaiters GiveBack(LeasedDelivery delivery, LeaseClock lease)
    {
        var waiters = SlotWaiters.None;
        TaskCompletionSource? emptied = null;
        lock (_gate)
        {
            var load = Find(delivery.EndpointId);
            load.GiveBack(delivery, StartOf(delivery, lease));
            _inFlight = _inFlight.Plus(-1, load.Pace);
            if (load.HasRetriesPassedOver && delivery.Attempts > 0)
            {
                load.HasRetriesPassedOver = false;
                waiters |= SlotWaiters.Retries;
            }

            if (_inFlight.All == max - ScarceBelow)
            {
                waiters |= SlotWaiters.FanOut;
            }

            if (_inFlight.All == 0)
            {
                emptied = _emptied;
            }
        }

        emptied?.TrySetResult();
        return waiters;
    }

    /// <summary>
    /// Closes an endpoint that has asked for less or for nothing, until the store knows it too: what is leased in
    /// between would be sent against its wish.
    /// </summary>
    public void Hold(EndpointId id)
    {
        lock (_gate)
        {
            _holds[id] = _holds.GetValueOrDefault(id) + 1;
        }
    }

    /// <summary>Remembers for how long an endpoint has asked for nothing: what is leased and waits for its turn is not sent either.</summary>
    public void Close(EndpointId id, TimeSpan duration)
    {
        lock (_gate)
        {
            Find(id).ClosedUntil = timeProvider.GetTimestamp() + (long)(duration.TotalSeconds * timeProvider.TimestampFrequency);
        }
    }

    /// <summary>Whether the endpoint has asked this process for nothing now.</summary>
    public bool IsClosed(EndpointId id)
    {
        lock (_gate)
        {
            return Find(id).ClosedUntil > timeProvider.GetTimestamp();
        }
    }

    /// <summary>Takes back one <see cref="Hold"/>.</summary>
    public void Resume(EndpointId id)
    {
        lock (_gate)
        {
            if (--_holds[id] == 0)
            {
                _holds.Remove(id);
            }
        }
    }

    /// <summary>Completes when nothing is in flight; to be asked for once nothing more is taken.</summary>
    public Task WhenEmptyAsync()
    {
        lock (_gate)
        {
            _emptied ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            return _inFlight.All == 0 ? Task.CompletedTask : _emptied.Task;
        }
    }

    // What waits for its turn because of the endpoint's rate does not take long by that.
    private long StartOf(LeasedDelivery delivery, LeaseClock lease) =>
        delivery.StartsIn is { } startsIn ? lease.AnsweredAt + (long)(startsIn.TotalSeconds * timeProvider.TimestampFrequency) : lease.AskedAt;

    private EndpointLoad Find(EndpointId id)
    {
        if (!_endpoints.TryGetValue(id, out var load))
        {
            ForgetIdle();
            load = _endpoints[id] = new EndpointLoad(maxPerEndpoint);
        }

        return load;
    }

    // Nobody tells that an attempt merely goes on.
    private void FindThoseThatHang()
    {
        if (timeProvider.GetElapsedTime(_agesSeenAt) < AgePause)
        {
            return;
        }

        _agesSeenAt = timeProvider.GetTimestamp();
        foreach (var load in _endpoints.Values)
        {
            if (load.InFlight > 0)
            {
                Classify(load);
            }
        }
    }

    private void Classify(EndpointLoad load)
    {
        var pace = load.FindPace(_typical, timeProvider);
        _inFlight = _inFlight.Plus(-load.InFlight, load.Pace).Plus(load.InFlight, pace);
        load.Pace = pace;
    }

    // An endpoint that is forgotten only has to show its speed again.
    private void ForgetIdle()
    {
        if (_endpoints.Count < _maxRemembered)
        {
            return;
        }

        foreach (var (id, load) in _endpoints)
        {
            if (load.InFlight == 0)
            {
                _endpoints.Remove(id);
            }
        }
    }
}
