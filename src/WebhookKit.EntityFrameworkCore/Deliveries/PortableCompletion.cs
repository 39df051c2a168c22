using Microsoft.EntityFrameworkCore;
using WebhookKit.Deliveries;
using WebhookKit.EntityFrameworkCore.Dialects;
using WebhookKit.EntityFrameworkCore.Erasure;
using WebhookKit.Identifiers;

namespace WebhookKit.EntityFrameworkCore.Deliveries;

/// <summary>Writes what leases came to, guarded by their fencing ids.</summary>
internal static class PortableCompletion
{
    /// <returns>The completions that held their lease, and those whose lease had passed on or whose delivery is gone.</returns>
    public static async Task<(List<DeliveryCompletion> Owned, List<DeliveryCompletion> Late)> WriteAsync(
        DbContext context,
        IReadOnlyList<DeliveryCompletion> completions,
        IdGenerator ids,
        DateTimeOffset now,
        CancellationToken cancellationToken)
    {
        var fences = completions.Select(completion => completion.Delivery.LeaseId).Distinct()
            .ToDictionary(lease => lease, _ => ids.NewLeaseId());
        var holders = await FenceAsync(context, completions, fences, cancellationToken).ConfigureAwait(false);
        var owned = new List<DeliveryCompletion>(completions.Count);
        var late = new List<DeliveryCompletion>();
        foreach (var completion in completions)
        {
            var isOwned = holders.GetValueOrDefault(completion.Delivery.Id) == fences[completion.Delivery.LeaseId];
            (isOwned ? owned : late).Add(completion);
        }

        await WriteAttemptsAsync(context, owned, isLate: false, cancellationToken).ConfigureAwait(false);
        await WriteFinalAsync(context, owned, now, cancellationToken).ConfigureAwait(false);
        await WriteRetriesAsync(context, owned, now, cancellationToken).ConfigureAwait(false);
        await WriteLateAsync(context, late, cancellationToken).ConfigureAwait(false);
        return (owned, late);
    }

    /// <summary>Records the attempts of late owners, where their delivery still exists; part of the caller's transaction.</summary>
    public static async Task WriteLateAsync(
        DbContext context, List<DeliveryCompletion> late, CancellationToken cancellationToken)
    {
        if (late.Count == 0)
        {
            return;
        }

        // A batch whose commit went unanswered comes again: by then its leases are gone and its attempts recorded.
        var ids = late.Select(completion => completion.Delivery.Id).Distinct().ToArray();
        var made = late.Select(completion => completion.Attempt?.Id).OfType<AttemptId>().ToArray();
        var recorded = await context.Set<AttemptEntity>()
            .Where(attempt => ids.Contains(attempt.DeliveryId) && made.Contains(attempt.Id))
            .Select(attempt => attempt.Id)
            .ToListAsync(cancellationToken).ConfigureAwait(false);
        var existing = await context.Set<DeliveryEntity>()
            .Where(delivery => ids.Contains(delivery.Id))
            .Select(delivery => delivery.Id)
            .ToListAsync(cancellationToken).ConfigureAwait(false);
        var unrecorded = late.FindAll(completion => completion.Attempt is not null
            && existing.Contains(completion.Delivery.Id) && !recorded.Contains(completion.Attempt.Id));
        unrecorded = await LateAttempts.WithoutErasedContentAsync(context, unrecorded, cancellationToken).ConfigureAwait(false);
        await WriteAttemptsAsync(context, unrecorded, isLate: true, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Moves the deliveries whose lease still stands to a fencing id of this batch, one for each lease.</summary>
    /// <remarks>The update locks the rows until the transaction ends and leaves a mark to read back, on any database.</remarks>
    /// <returns>The fencing id that each delivery of the batch has now; those that no longer exist are left out.</returns>
    private static async Task<Dictionary<DeliveryId, LeaseId?>> FenceAsync(
        DbContext context,
        IReadOnlyList<DeliveryCompletion> completions,
        Dictionary<LeaseId, LeaseId> fences,
        CancellationToken cancellationToken)
    {
        foreach (var lease in completions.GroupBy(completion => completion.Delivery.LeaseId, completion => completion.Delivery.Id))
        {
            var leased = lease.Order().ToArray();
            var fence = fences[lease.Key];
            await context.Set<DeliveryEntity>()
                .Where(delivery => leased.Contains(delivery.Id) && delivery.LeaseId == lease.Key)
                .ExecuteUpdateAsync(delivery => delivery.SetProperty(d => d.LeaseId, fence), cancellationToken)
                .ConfigureAwait(false);
        }

        var ids = completions.Select(completion => completion.Delivery.Id).ToArray();
        return await context.Set<DeliveryEntity>()
            .Where(delivery => ids.Contains(delivery.Id))
            .Select(delivery => new { delivery.Id, delivery.LeaseId })
            .ToDictionaryAsync(delivery => delivery.Id, delivery => delivery.LeaseId, cancellationToken)
            .ConfigureAwait(false);
    }

    private static Task WriteAttemptsAsync(
        DbContext context, List<DeliveryCompletion> completions, bool isLate, CancellationToken cancellationToken)
    {
        var attempts = completions
            .Where(completion => completion.Attempt is not null)
            .Select(completion => AttemptEntity.From(completion.Attempt!, completion.Delivery, isLate))
            .ToArray();
        return context.InsertRowsAsync(attempts, cancellationToken);
    }

    private static async Task WriteFinalAsync(
        DbContext context, List<DeliveryCompletion> owned, DateTimeOffset now, CancellationToken cancellationToken)
    {
        foreach (var alike in owned
            .Where(completion => completion.Status != DeliveryStatus.Pending)
            .GroupBy(completion => (completion.Status, completion.Reason, Made: completion.Attempt is null ? 0 : 1)))
        {
            var deliveries = alike.Select(completion => completion.Delivery.Id).ToArray();
            await context.Set<DeliveryEntity>()
                .Where(delivery => deliveries.Contains(delivery.Id))
                .ExecuteUpdateAsync(
                    delivery => delivery
                        .SetProperty(d => d.Status, alike.Key.Status)
                        .SetProperty(d => d.Reason, alike.Key.Reason)
                        .SetProperty(d => d.DueAt, now)
                        .SetProperty(d => d.NextAttemptAt, (DateTimeOffset?)null)
                        .SetProperty(d => d.Attempts, d => d.Attempts + alike.Key.Made)
                        .SetProperty(d => d.Leases, 0)
                        .SetProperty(d => d.LeaseId, (LeaseId?)null),
                    cancellationToken).ConfigureAwait(false);
        }
    }

    private static async Task WriteRetriesAsync(
        DbContext context, List<DeliveryCompletion> owned, DateTimeOffset now, CancellationToken cancellationToken)
    {
        foreach (var alike in owned
            .Where(completion => completion.Status == DeliveryStatus.Pending)
            .GroupBy(completion => (completion.LetsNextPass, Made: completion.Attempt is null ? 0 : 1)))
        {
            foreach (var retries in alike.Chunk(ValueByKey.MaxRows))
            {
                var deliveries = Array.ConvertAll(retries, retry => retry.Delivery.Id);
                var dueAt = ValueByKey.Of<DeliveryEntity, DeliveryId, DateTimeOffset>(
                    nameof(DeliveryEntity.Id),
                    nameof(DeliveryEntity.DueAt),
                    Array.ConvertAll(retries, retry => (retry.Delivery.Id, now + retry.NextAttemptIn)));
                await context.Set<DeliveryEntity>()
                    .Where(delivery => deliveries.Contains(delivery.Id))
                    .ExecuteUpdateAsync(
                        delivery =>
                        {
                            delivery
                                .SetProperty(d => d.DueAt, dueAt)
                                .SetProperty(d => d.Attempts, d => d.Attempts + alike.Key.Made)
                                .SetProperty(d => d.IsRetry, d => d.Attempts + alike.Key.Made > 0)
                                .SetProperty(d => d.Leases, 0)
                                .SetProperty(d => d.LeaseId, (LeaseId?)null);
                            if (alike.Key.LetsNextPass)
                            {
                                delivery.SetProperty(d => d.OrderingKey, (string?)null);
                            }
                        },
                        cancellationToken).ConfigureAwait(false);
                await context.Set<DeliveryEntity>()
                    .Where(delivery => deliveries.Contains(delivery.Id))
                    .ExecuteUpdateAsync(delivery => delivery.SetProperty(d => d.NextAttemptAt, d => d.DueAt), cancellationToken)
                    .ConfigureAwait(false);
            }
        }
    }
}
