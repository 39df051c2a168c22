using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Microsoft.Extensions.Options;
using WebhookKit.Idempotency;

namespace WebhookKit.InMemory.Idempotency;

/// <summary>Claims that are remembered, and those whose handler is still running.</summary>
internal sealed class ClaimTable(TimeProvider timeProvider, IOptions<InMemoryStoreOptions> options)
{
    private readonly Lock _gate = new();
    private readonly HashSet<ClaimIdentity> _remembered = [];
    private readonly PriorityQueue<ClaimIdentity, DateTimeOffset> _byExpiry = new();
    // What ends with the handler; null while no other copy waits for that.
    private readonly Dictionary<ClaimIdentity, TaskCompletionSource?> _running = [];

    public bool IsRemembered(ClaimIdentity key)
    {
        lock (_gate)
        {
            return _remembered.Contains(key);
        }
    }

    /// <summary>Reserves a claim for the caller, who must <see cref="End"/> it.</summary>
    /// <returns>
    /// <see cref="HandlingResult.None"/> when the caller has it. With <see cref="HandlingResult.Busy"/> another copy has
    /// it until <paramref name="otherEnds"/>.
    /// </returns>
    public HandlingResult TryBegin(ClaimIdentity key, out Task otherEnds)
    {
        lock (_gate)
        {
            otherEnds = Task.CompletedTask;
            ref var other = ref CollectionsMarshal.GetValueRefOrNullRef(_running, key);
            if (!Unsafe.IsNullRef(ref other))
            {
                other ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
                otherEnds = other.Task;
                return HandlingResult.Busy;
            }

            if (_remembered.Contains(key))
            {
                return HandlingResult.Duplicate;
            }

            if (!HasRoomFor(1))
            {
                return HandlingResult.Full;
            }

            _running.Add(key, null);
            return HandlingResult.None;
        }
    }

    /// <summary>Ends what <see cref="TryBegin"/> began.</summary>
    /// <param name="key">The claim.</param>
    /// <param name="memory">How long it is remembered; <see langword="null"/> frees it.</param>
    public void End(ClaimIdentity key, TimeSpan? memory)
    {
        lock (_gate)
        {
            if (_running.Remove(key, out var running))
            {
                running?.SetResult();
            }

            if (memory is { } time)
            {
                Remember(key, time);
            }
        }
    }

    /// <summary>Remembers claims at once, all or none, without a handler.</summary>
    /// <returns>Which of them are new, in their order; <see langword="null"/> when there is no room for the new ones.</returns>
    public bool[]? TryRemember(IReadOnlyList<WebhookClaim> claims, Func<int, bool> hasRoom)
    {
        lock (_gate)
        {
            var seen = new HashSet<ClaimIdentity>();
            // A copy whose handler still runs may fail: to call this one a duplicate could lose the event.
            if (claims.Any(claim => _running.ContainsKey(ClaimIdentity.Of(claim))))
            {
                return null;
            }

            bool[] isNew = [.. claims.Select(ClaimIdentity.Of).Select(key => !_remembered.Contains(key) && seen.Add(key))];
            if (seen.Count > 0 && !(HasRoomFor(seen.Count) && hasRoom(seen.Count)))
            {
                return null;
            }

            foreach (var (claim, _) in claims.Zip(isNew).Where(pair => pair.Second))
            {
                Remember(ClaimIdentity.Of(claim), claim.Memory);
            }

            return isNew;
        }
    }

    /// <summary>Forgets claims whose memory has passed.</summary>
    public int ForgetExpired(int maxClaims)
    {
        lock (_gate)
        {
            var now = timeProvider.GetUtcNow();
            var forgotten = 0;
            while (forgotten < maxClaims && _byExpiry.TryPeek(out _, out var expiresAt) && expiresAt <= now)
            {
                _remembered.Remove(_byExpiry.Dequeue());
                forgotten++;
            }

            return forgotten;
        }
    }

    private bool HasRoomFor(int claims)
    {
        var room = options.Value.MaxClaims - claims;
        if (_remembered.Count + _running.Count > room)
        {
            ForgetExpired(int.MaxValue);
        }

        return _remembered.Count + _running.Count <= room;
    }

    private void Remember(ClaimIdentity key, TimeSpan memory)
    {
        _remembered.Add(key);
        _byExpiry.Enqueue(key, timeProvider.GetUtcNow() + memory);
    }
}
