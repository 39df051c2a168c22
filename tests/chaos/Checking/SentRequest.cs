using WebhookKit.Chaos.History;

namespace WebhookKit.Chaos.Checking;

/// <summary>A request with the lease it was made under.</summary>
/// <param name="Request">As the receiver got it.</param>
/// <param name="Lease">Its own, as far as the signed second tells; otherwise the latest that its node had.</param>
/// <param name="IsOwn">Whether no other request was made under the lease.</param>
internal sealed record SentRequest(Request Request, HeldLease? Lease, bool IsOwn)
{
    /// <summary>Whether an attempt in time accounts for it.</summary>
    public bool IsRecorded => IsOwn && Lease?.Attempt is not null;

    /// <summary>Whether the signed second is one in which its node can have begun an attempt of this delivery.</summary>
    public bool IsSignedInTime => Lease is not null && Lease.Covers(Request);

    /// <summary>Gives as many requests as possible a lease of their own.</summary>
    public static IReadOnlyList<SentRequest> Match(IEnumerable<Request> requests, IEnumerable<HeldLease> leases)
    {
        // In this order the lease that ends first is never missed by a later request.
        var all = leases.OrderBy(lease => lease.LastSecond).ThenByDescending(lease => lease.GrantedAt).ToList();
        var free = all.ToList();
        return requests.OrderBy(request => request.Timestamp).ThenBy(request => request.ArrivedAt)
            .Select(request =>
            {
                var own = free.Find(lease => lease.Covers(request));
                return own is not null && free.Remove(own)
                    ? new SentRequest(request, own, true)
                    : new SentRequest(request, LatestOf(request, all), false);
            })
            .ToArray();
    }

    private static HeldLease? LatestOf(Request request, IEnumerable<HeldLease> leases) => leases
        .Where(lease => lease.Node == request.Node && lease.GrantedAt <= request.ArrivedAt)
        .MaxBy(lease => lease.GrantedAt);
}
