using WebhookKit.Deliveries;

namespace WebhookKit.Inbox;

/// <summary>Keeps verified events until a background handler has handled them.</summary>
/// <remarks>Times are durations counted by the store's own clock; safe to call from any number of nodes at once.</remarks>
public interface IInboxStore
{
    /// <summary>Claims and keeps the events of one request, all or none.</summary>
    /// <returns>What came of each, in their order.</returns>
    ValueTask<IReadOnlyList<InboxAppendResult>> AppendAsync(IReadOnlyList<InboxEntry> entries, CancellationToken cancellationToken);

    /// <summary>Leases due entries, oldest due first; an entry falls due again by itself when the lease ends.</summary>
    ValueTask<IReadOnlyList<LeasedInboxEntry>> LeaseAsync(
        int maxEntries, LeaseId leaseId, TimeSpan leaseDuration, CancellationToken cancellationToken);

    /// <summary>Writes back what handling came to.</summary>
    /// <returns>The completions that changed nothing, because the lease had passed to another owner.</returns>
    ValueTask<IReadOnlyList<InboxCompletion>> CompleteAsync(
        IReadOnlyList<InboxCompletion> completions, CancellationToken cancellationToken);

    /// <summary>Reads where an entry stands; <see langword="null"/> when there is none.</summary>
    ValueTask<InboxStatus?> GetStatusAsync(string source, string? tenantId, string key, CancellationToken cancellationToken);
}
