namespace WebhookKit.Dispatch;

/// <summary>Remembers which endpoints have something due now, in a ring, and which will soon. Thread-safe.</summary>
internal sealed class DueEndpoints(TimeProvider timeProvider)
{
    // What falls due later than this is found by a sweep in time; it need not be remembered here.
    private static readonly TimeSpan Horizon = TimeSpan.FromSeconds(10);

    private readonly Lock _gate = new();
    private readonly Queue<EndpointId> _ring = [];
    private readonly HashSet<EndpointId> _inRing = [];
    private readonly PriorityQueue<EndpointId, long> _later = new();
    private readonly Dictionary<EndpointId, long> _earliest = [];

    public int Count
    {
        get
        {
            lock (_gate)
            {
                return _ring.Count;
            }
        }
    }

    public bool Contains(EndpointId id)
    {
        lock (_gate)
        {
            return _inRing.Contains(id);
        }
    }

    /// <summary>Adds an endpoint at the end of the ring, now or when its time has come.</summary>
    public void Add(EndpointId id, TimeSpan dueIn)
    {
        lock (_gate)
        {
            if (dueIn <= TimeSpan.Zero)
            {
                AddToRing(id);
                return;
            }

            var dueAt = timeProvider.GetTimestamp() + (long)(dueIn.TotalSeconds * timeProvider.TimestampFrequency);
            if (dueIn <= Horizon && (!_earliest.TryGetValue(id, out var earliest) || dueAt < earliest))
            {
                _earliest[id] = dueAt;
                _later.Enqueue(id, dueAt);
            }
        }
    }

    /// <summary>Moves endpoints whose time has come into the ring.</summary>
    /// <returns>How long until the next one's time comes, or <see langword="null"/>.</returns>
    public TimeSpan? Promote()
    {
        lock (_gate)
        {
            var now = timeProvider.GetTimestamp();
            while (_later.TryPeek(out var id, out var dueAt))
            {
                if (dueAt > now)
                {
                    return timeProvider.GetElapsedTime(now, dueAt);
                }

                _later.Dequeue();
                if (_earliest.GetValueOrDefault(id) == dueAt)
                {
                    _earliest.Remove(id);
                }

                AddToRing(id);
            }

            return null;
        }
    }

    /// <summary>Takes the endpoint at the front of the ring.</summary>
    public bool TryTake(out EndpointId id)
    {
        lock (_gate)
        {
            return _ring.TryDequeue(out id) && _inRing.Remove(id);
        }
    }

    private void AddToRing(EndpointId id)
    {
        if (_inRing.Add(id))
        {
            _ring.Enqueue(id);
        }
    }
}
