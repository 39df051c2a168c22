using Microsoft.EntityFrameworkCore;
using WebhookKit.Deliveries;

namespace WebhookKit.EntityFrameworkCore.Deliveries;

/// <summary>Cancels deliveries, in the caller's transaction.</summary>
internal static class PendingDeliveries
{
    /// <summary>A message may have any number of deliveries; some databases bind few parameters.</summary>
    public const int MaxAtOnce = 500;

    /// <summary>Cancels those of the deliveries that are pending and lets the next of their ordering keys pass.</summary>
    /// <returns>How many were canceled.</returns>
    public static async Task<int> CancelAsync(
        DbContext context,
        IDeliveryStatements statements,
        DeliveryId[] deliveries,
        DeliveryStatusReason reason,
        bool includesSkipped,
        DateTimeOffset now,
        CancellationToken cancellationToken)
    {
        var ordered = await context.Set<DeliveryEntity>()
            .Where(delivery => deliveries.Contains(delivery.Id)
                && delivery.Status == DeliveryStatus.Pending && delivery.OrderingKey != null)
            .Select(delivery => new { delivery.EndpointId, Key = delivery.OrderingKey! })
            .Distinct()
            .ToListAsync(cancellationToken).ConfigureAwait(false);

        // Without its lease an attempt in flight is late: it is recorded and changes no status.
        var canceled = await context.Set<DeliveryEntity>()
            .Where(delivery => deliveries.Contains(delivery.Id)
                && (delivery.Status == DeliveryStatus.Pending || (includesSkipped && delivery.Status == DeliveryStatus.Skipped)))
            .ExecuteUpdateAsync(
                delivery => delivery
                    .SetProperty(d => d.Status, DeliveryStatus.Canceled)
                    .SetProperty(d => d.Reason, reason)
                    .SetProperty(d => d.DueAt, now)
                    .SetProperty(d => d.NextAttemptAt, (DateTimeOffset?)null)
                    .SetProperty(d => d.LeaseId, (LeaseId?)null)
                    .SetProperty(d => d.Leases, 0),
                cancellationToken).ConfigureAwait(false);

        await statements.PromoteAsync(
            context, ordered.ConvertAll(line => new OrderingLine(line.EndpointId, line.Key)), cancellationToken).ConfigureAwait(false);
        return canceled;
    }
}
