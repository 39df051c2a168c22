using Microsoft.EntityFrameworkCore;
using WebhookKit.Deliveries;
using WebhookKit.EntityFrameworkCore.Inbox;
using WebhookKit.Inbox;

namespace WebhookKit.EntityFrameworkCore.Erasure;

/// <summary>Erases received events, in the caller's transaction.</summary>
internal static class InboxErasure
{
    public static async Task<int> EraseAsync(IQueryable<InboxEntity> entries, DateTimeOffset now, CancellationToken cancellationToken)
    {
        // Without its lease the handling of an entry can no longer be written back.
        await entries.Where(entry => entry.Status == InboxStatus.Pending)
            .ExecuteUpdateAsync(
                entry => entry
                    .SetProperty(e => e.Status, InboxStatus.Erased)
                    .SetProperty(e => e.DueAt, now)
                    .SetProperty(e => e.LeaseId, (LeaseId?)null),
                cancellationToken).ConfigureAwait(false);
        return await entries.ExecuteUpdateAsync(
            entry => entry
                .SetProperty(e => e.Payload, Array.Empty<byte>())
                .SetProperty(e => e.OrderingKey, (string?)null)
                .SetProperty(e => e.Error, (string?)null)
                .SetProperty(e => e.ErasedAt, now),
            cancellationToken).ConfigureAwait(false);
    }
}
