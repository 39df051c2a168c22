using WebhookKit.Deliveries;

namespace WebhookKit.Inbox;

/// <summary>Keeps verified events until a background handler has handled them.</summary>
/// <remarks>Times are durations counted by the store's own clock; safe to call from any number of nodes at once.</remarks>
public interface IInboxStore
{
    /// <summary>Claims and keeps the events of one request, all or none.</summary>
    /// <returns>What came of each, in their order.</returns>
    ValueTask<IReadOnlyList<InboxAppendResult>> AppendAsync(IReadOnlyList<InboxEntry> entries, CancellationToken cancellationToken);

    /// <summary>Leases due entries of a source, oldest due first; an entry falls due again by itself when the lease ends.</summary>
    /// <remarks>
    /// Of entries with the same ordering key only the one that came first; it holds up the others until it is handled,
    /// dead-lettered or erased.
    /// </remarks>
    /// <param name="source">The source.</param>
    /// <param name="maxEntries">At most so many.</param>
    /// <param name="leaseId">The fencing id that completion must present; a new one for each call.</param>
    /// <param name="leaseDuration">How long the caller has them to itself.</param>
    /// <param name="cancellationToken">Gives up; what was leased meanwhile falls due when its lease ends.</param>
    ValueTask<IReadOnlyList<LeasedInboxEntry>> LeaseAsync(
        string source, int maxEntries, LeaseId leaseId, TimeSpan leaseDuration, CancellationToken cancellationToken);

    /// <summary>Writes back what handling came to; success is written by <see cref="Idempotency.IHandlerTransaction"/> itself.</summary>
    /// <returns>The completions that changed nothing, because the lease had passed to another owner.</returns>
    ValueTask<IReadOnlyList<InboxCompletion>> CompleteAsync(
        IReadOnlyList<InboxCompletion> completions, CancellationToken cancellationToken);

    /// <summary>Reads where an entry stands; <see langword="null"/> when there is none.</summary>
    ValueTask<InboxStatus?> GetStatusAsync(string source, string? tenantId, string key, CancellationToken cancellationToken);
}
