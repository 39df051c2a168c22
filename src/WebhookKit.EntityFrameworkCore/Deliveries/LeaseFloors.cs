using System.Collections.Concurrent;

namespace WebhookKit.EntityFrameworkCore.Deliveries;

/// <summary>
/// Remembers how far the due times of each endpoint, first attempts and retries apart, have been leased, so that a lease does not begin at the index
/// entries of rows leased long before: while an old snapshot is open, nothing may remove or skip them.
/// </summary>
/// <remarks>
/// Only a hint: rows that fell due behind the floor are found by the next sweep, which forgets it. What this process
/// promotes does not have to wait for that: such a row falls due at the time it was meant for, which may be long past.
/// </remarks>
internal sealed class LeaseFloors
{
    private const int MaxLanes = 100_000;

    // Transactions of other nodes that began earlier may still commit rows with an earlier due time.
    private static readonly TimeSpan Margin = TimeSpan.FromSeconds(5);

    private readonly ConcurrentDictionary<(EndpointId Id, bool IsRetry), Floor> _floors = new();
    private readonly Lock _lowering = new();
    private long _lowerings;

    /// <summary>How often floors have been lowered; a lease names what it was when it began.</summary>
    public long Lowerings => Volatile.Read(ref _lowerings);

    /// <summary>The floor of one of the endpoint's lanes: first attempts or retries.</summary>
    public DateTimeOffset Of(EndpointId id, bool isRetry) =>
        _floors.TryGetValue((id, isRetry), out var floor) ? floor.Since : DateTimeOffset.UnixEpoch;

    /// <param name="id">The endpoint.</param>
    /// <param name="isRetry">Which of its lanes.</param>
    /// <param name="leasedUpTo">The due time of what was leased.</param>
    /// <param name="beganAt"><see cref="Lowerings"/> before the lease: for what was lowered since then it may have been too early to see.</param>
    public void Raise(EndpointId id, bool isRetry, DateTimeOffset leasedUpTo, long beganAt)
    {
        var (lane, since) = ((id, isRetry), leasedUpTo - Margin);
        if (!_floors.TryGetValue(lane, out var floor))
        {
            if (_floors.Count < MaxLanes)
            {
                _floors.TryAdd(lane, new Floor(since, 0));
            }
        }
        else if (since > floor.Since && floor.LoweredAs <= beganAt)
        {
            _floors.TryUpdate(lane, floor with { Since = since }, floor);
        }
    }

    /// <summary>Makes room for a first attempt that has just been committed.</summary>
    public void Lower(EndpointId id, DateTimeOffset dueAt)
    {
        var lane = (id, false);
        if (_floors.Count >= MaxLanes && !_floors.ContainsKey(lane))
        {
            return;
        }

        lock (_lowering)
        {
            // Told last: a lease that begins with this number begins with this floor.
            var number = _lowerings + 1;
            _floors.AddOrUpdate(
                lane,
                new Floor(DateTimeOffset.UnixEpoch, number),
                (_, floor) => new Floor(dueAt < floor.Since ? dueAt : floor.Since, number));
            Volatile.Write(ref _lowerings, number);
        }
    }

    public void Forget(EndpointId id)
    {
        _floors.TryRemove((id, false), out _);
        _floors.TryRemove((id, true), out _);
    }

    private readonly record struct Floor(DateTimeOffset Since, long LoweredAs);
}
