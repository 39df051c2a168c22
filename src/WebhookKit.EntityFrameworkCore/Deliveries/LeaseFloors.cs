using System.Collections.Concurrent;

namespace WebhookKit.EntityFrameworkCore.Deliveries;

/// <summary>
/// Remembers how far the due times of each endpoint, first attempts and retries apart, have been leased, so that a lease does not begin at the index
/// entries of rows leased long before: while an old snapshot is open, nothing may remove or skip them.
/// </summary>
/// <remarks>Only a hint: rows that fell due behind the floor are found by the next sweep, which forgets it.</remarks>
internal sealed class LeaseFloors
{
    private const int MaxLanes = 100_000;

    // Transactions of other nodes that began earlier may still commit rows with an earlier due time.
    private static readonly TimeSpan Margin = TimeSpan.FromSeconds(5);

    private readonly ConcurrentDictionary<(EndpointId Id, bool IsRetry), DateTimeOffset> _floors = new();

    /// <summary>The floor of one of the endpoint's lanes: first attempts or retries.</summary>
    public DateTimeOffset Of(EndpointId id, bool isRetry) => _floors.GetValueOrDefault((id, isRetry), DateTimeOffset.UnixEpoch);

    public void Raise(EndpointId id, bool isRetry, DateTimeOffset leasedUpTo)
    {
        if (_floors.Count < MaxLanes && leasedUpTo - Margin is var floor && floor > Of(id, isRetry))
        {
            _floors[(id, isRetry)] = floor;
        }
    }

    public void Forget(EndpointId id)
    {
        _floors.TryRemove((id, false), out _);
        _floors.TryRemove((id, true), out _);
    }
}
