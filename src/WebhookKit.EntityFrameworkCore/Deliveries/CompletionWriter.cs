using Microsoft.EntityFrameworkCore;
using WebhookKit.Deliveries;
using WebhookKit.EntityFrameworkCore.Dialects;

namespace WebhookKit.EntityFrameworkCore.Deliveries;

/// <summary>Writes what leases came to, guarded by their fencing ids.</summary>
internal static class CompletionWriter
{
    /// <summary>Moves the deliveries whose lease still stands to a fencing id of this batch, and says which they are.</summary>
    /// <remarks>
    /// The update locks the rows until the transaction ends and leaves a mark to read back, on any database.
    /// </remarks>
    public static async Task<HashSet<DeliveryId>> TakeOwnedAsync(
        DbContext context, IReadOnlyList<DeliveryCompletion> completions, LeaseId batch, CancellationToken cancellationToken)
    {
        foreach (var lease in completions.GroupBy(completion => completion.Delivery.LeaseId, completion => completion.Delivery.Id))
        {
            var leased = lease.Order().ToArray();
            await context.Set<DeliveryEntity>()
                .Where(delivery => leased.Contains(delivery.Id) && delivery.LeaseId == lease.Key)
                .ExecuteUpdateAsync(delivery => delivery.SetProperty(d => d.LeaseId, batch), cancellationToken)
                .ConfigureAwait(false);
        }

        var ids = completions.Select(completion => completion.Delivery.Id).ToArray();
        var owned = await context.Set<DeliveryEntity>()
            .Where(delivery => ids.Contains(delivery.Id) && delivery.LeaseId == batch)
            .Select(delivery => delivery.Id)
            .ToListAsync(cancellationToken).ConfigureAwait(false);
        return [.. owned];
    }

    public static async Task WriteAsync(
        DbContext context,
        IReadOnlyList<DeliveryCompletion> completions,
        HashSet<DeliveryId> owned,
        DateTimeOffset now,
        CancellationToken cancellationToken)
    {
        var attempts = completions
            .Where(completion => completion.Attempt is not null)
            .Select(completion => AttemptEntity.From(
                completion.Attempt!, completion.Delivery, isLate: !owned.Contains(completion.Delivery.Id)))
            .ToArray();
        await context.InsertRowsAsync(attempts, cancellationToken).ConfigureAwait(false);

        // Successes, the many, share one statement; each retry has a due time of its own.
        foreach (var alike in completions
            .Where(completion => owned.Contains(completion.Delivery.Id))
            .GroupBy(completion => new
            {
                completion.Status,
                completion.Reason,
                NextAttemptIn = completion.Status == DeliveryStatus.Pending ? completion.NextAttemptIn : (TimeSpan?)null,
                Made = completion.Attempt is null ? 0 : 1,
            }))
        {
            var deliveries = alike.Select(completion => completion.Delivery.Id).ToArray();
            var due = now + (alike.Key.NextAttemptIn ?? TimeSpan.Zero);
            DateTimeOffset? nextAttemptAt = alike.Key.NextAttemptIn is null ? null : due;
            await context.Set<DeliveryEntity>()
                .Where(delivery => deliveries.Contains(delivery.Id))
                .ExecuteUpdateAsync(
                    delivery => delivery
                        .SetProperty(d => d.Status, alike.Key.Status)
                        .SetProperty(d => d.Reason, alike.Key.Reason)
                        .SetProperty(d => d.DueAt, due)
                        .SetProperty(d => d.NextAttemptAt, nextAttemptAt)
                        .SetProperty(d => d.Attempts, d => d.Attempts + alike.Key.Made)
                        .SetProperty(d => d.Leases, 0)
                        .SetProperty(d => d.LeaseId, (LeaseId?)null),
                    cancellationToken).ConfigureAwait(false);
        }
    }
}
