using WebhookKit.Chaos.History;
using WebhookKit.Deliveries;

namespace WebhookKit.Chaos.Checking;

/// <summary>One node's lease of a delivery, under which it may make one request.</summary>
internal sealed class HeldLease(Transition grant, Transition? end, StoredAttempt? attempt)
{
    // The database's reading of the machine's clock and the node's are two.
    private static readonly TimeSpan Reading = TimeSpan.FromMilliseconds(5);

    public string Node => grant.Writer;

    /// <summary>The attempt that its completion recorded.</summary>
    public StoredAttempt? Attempt => attempt;

    public DateTimeOffset GrantedAt => grant.At;

    /// <summary>Until when it stands.</summary>
    public DateTimeOffset DueAt => grant.After.DueAt;

    /// <summary>The last second in which its request can have been signed.</summary>
    /// <remarks>
    /// Its attempt's own; without one, the end of the lease. A node that was stopped between looking at its lease and
    /// looking at the clock signs whenever it goes on, so that a lost lease sets no end.
    /// </remarks>
    public long LastSecond => (attempt?.StartedAt ?? end?.At)?.ToUnixTimeSeconds() ?? long.MaxValue;

    private long FirstSecond => (attempt?.StartedAt ?? grant.At - Reading).ToUnixTimeSeconds();

    /// <summary>Whether a request can have been made under it; it may arrive long after it was signed.</summary>
    public bool Covers(Request request) =>
        request.Node == Node && request.ArrivedAt >= GrantedAt - Reading
        && request.Timestamp >= FirstSecond && request.Timestamp <= LastSecond;

    /// <summary>Reads all leases of one delivery from its transitions.</summary>
    public static IEnumerable<HeldLease> Of(IReadOnlyList<Transition> transitions, IEnumerable<StoredAttempt> attemptsInTime)
    {
        var recorded = attemptsInTime.ToArray();
        for (var index = 0; index < transitions.Count; index++)
        {
            if (transitions[index] is { IsGrant: true } grant)
            {
                var end = transitions.Skip(index + 1).FirstOrDefault(next => next.After.LeaseId != grant.After.LeaseId);
                end = end is { IsGrantAfterExpiry: true } ? null : end;
                yield return new HeldLease(grant, end, FindAttempt(grant, end, recorded));
            }
        }
    }

    // A completion that fencing should have refused records the attempt of another lease.
    private static StoredAttempt? FindAttempt(Transition grant, Transition? end, StoredAttempt[] recorded) =>
        end is not null && end.Writer == grant.Writer && end.After.Attempts > end.Before!.Attempts
            ? Array.Find(recorded, attempt => attempt.StartedAt >= grant.At - Reading && attempt.StartedAt <= end.At + Reading)
            : null;
}
