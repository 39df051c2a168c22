using Microsoft.EntityFrameworkCore;
using WebhookKit.Deliveries;
using WebhookKit.Endpoints;
using WebhookKit.EntityFrameworkCore.Dialects;
using WebhookKit.EntityFrameworkCore.Endpoints;
using WebhookKit.EntityFrameworkCore.Erasure;
using WebhookKit.Identifiers;

namespace WebhookKit.EntityFrameworkCore.Deliveries;

/// <summary>Writes what leases came to, guarded by their fencing ids.</summary>
internal static class CompletionStatements
{
    /// <returns>The completions whose lease had passed to another owner, or whose delivery no longer exists.</returns>
    public static async Task<IReadOnlyList<DeliveryCompletion>> WriteAsync(
        DbContext context,
        IReadOnlyList<DeliveryCompletion> completions,
        IReadOnlyList<EndpointHealth> health,
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
        await WriteStatusAsync(context, owned, now, cancellationToken).ConfigureAwait(false);
        if (late.Count > 0)
        {
            var unrecorded = await FindUnrecordedAsync(
                context, late.FindAll(completion => holders.ContainsKey(completion.Delivery.Id)), cancellationToken).ConfigureAwait(false);
            unrecorded = await LateAttempts.WithoutErasedContentAsync(context, unrecorded, cancellationToken).ConfigureAwait(false);
            await WriteAttemptsAsync(context, unrecorded, isLate: true, cancellationToken).ConfigureAwait(false);
        }

        var answered = owned.Select(completion => completion.Delivery.EndpointId).ToHashSet();
        await EndpointHealthWriter.WriteAsync(
            context, health.Where(change => answered.Contains(change.EndpointId)), now, cancellationToken).ConfigureAwait(false);
        return late;
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

    // A batch whose commit went unanswered comes again: by then its leases are gone and its attempts recorded.
    private static async Task<List<DeliveryCompletion>> FindUnrecordedAsync(
        DbContext context, List<DeliveryCompletion> late, CancellationToken cancellationToken)
    {
        var made = late.Select(completion => completion.Attempt?.Id).OfType<AttemptId>().ToArray();
        var recorded = await context.Set<AttemptEntity>()
            .Where(attempt => made.Contains(attempt.Id))
            .Select(attempt => attempt.Id)
            .ToListAsync(cancellationToken).ConfigureAwait(false);
        return late.FindAll(completion => completion.Attempt is not null && !recorded.Contains(completion.Attempt.Id));
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

    private static async Task WriteStatusAsync(
        DbContext context, List<DeliveryCompletion> owned, DateTimeOffset now, CancellationToken cancellationToken)
    {
        // Successes, the many, share one statement; each retry has a due time of its own.
        foreach (var alike in owned.GroupBy(completion => new
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
