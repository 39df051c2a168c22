using Microsoft.EntityFrameworkCore;
using WebhookKit.Deliveries;

namespace WebhookKit.EntityFrameworkCore.Deliveries;

/// <summary>Begins new cycles of deliveries, as part of the caller's transaction.</summary>
internal static class NewCycles
{
    /// <summary>Of those that have ended; they keep no order.</summary>
    /// <returns>How many: what another transaction was faster with fails the predicate.</returns>
    public static Task<int> BeginEndedAsync(
        IQueryable<DeliveryEntity> ended, IReadOnlyCollection<DeliveryId> ids, DateTimeOffset now, CancellationToken cancellationToken) =>
        ids.Count == 0 ? Task.FromResult(0) : ended
            .Where(delivery => ids.Contains(delivery.Id))
            .ExecuteUpdateAsync(
                delivery => delivery
                    .SetProperty(d => d.Status, DeliveryStatus.Pending)
                    .SetProperty(d => d.Reason, DeliveryStatusReason.None)
                    .SetProperty(d => d.Attempts, 0)
                    .SetProperty(d => d.IsRetry, false)
                    .SetProperty(d => d.Leases, 0)
                    .SetProperty(d => d.LeaseId, (LeaseId?)null)
                    .SetProperty(d => d.OrderingKey, (string?)null)
                    .SetProperty(d => d.DueAt, now)
                    .SetProperty(d => d.NextAttemptAt, now),
                cancellationToken);

    /// <summary>Of those whose attempt was under way, if it has failed; they keep their place in the order.</summary>
    /// <returns>How many, and those whose attempt is still under way.</returns>
    public static async Task<(int Count, List<DeliveryId> UnderWay)> BeginFailedAsync(
        DbContext context, IReadOnlyCollection<DeliveryId> ids, DateTimeOffset now, CancellationToken cancellationToken)
    {
        if (ids.Count == 0)
        {
            return (0, []);
        }

        var named = context.Set<DeliveryEntity>().Where(delivery => ids.Contains(delivery.Id));
        var count = await named
            .Where(delivery => delivery.Status == DeliveryStatus.Pending && delivery.LeaseId == null && delivery.Attempts > 0
                && delivery.DueAt != DeliveryEntity.Never)
            .ExecuteUpdateAsync(
                delivery => delivery
                    .SetProperty(d => d.Attempts, 0)
                    .SetProperty(d => d.IsRetry, false)
                    .SetProperty(d => d.DueAt, now)
                    .SetProperty(d => d.NextAttemptAt, now),
                cancellationToken).ConfigureAwait(false);
        var exhausted = SelectedDeliveries.Sendable(context, context.Set<DeliveryEntity>())
            .Where(delivery => delivery.Status == DeliveryStatus.DeadLettered && delivery.Reason != DeliveryStatusReason.EndpointGone);
        count += await BeginEndedAsync(exhausted, ids, now, cancellationToken).ConfigureAwait(false);
        var underWay = await named
            .Where(delivery => delivery.Status == DeliveryStatus.Pending && delivery.LeaseId != null)
            .Select(delivery => delivery.Id)
            .ToListAsync(cancellationToken).ConfigureAwait(false);
        return (count, underWay);
    }
}
