using Microsoft.EntityFrameworkCore;
using WebhookKit.Deliveries;
using WebhookKit.EntityFrameworkCore.Dialects;
using WebhookKit.EntityFrameworkCore.Endpoints;
using WebhookKit.EntityFrameworkCore.Outbox;

namespace WebhookKit.EntityFrameworkCore.Deliveries;

/// <summary>Redelivery in the host's own database: by the index of messages, or those of dead letters and of what was skipped.</summary>
internal sealed class EntityFrameworkRedeliveryStore(StoreDatabase database, DatabaseClock clock) : IRedeliveryStore
{
    public async ValueTask<RedeliveryPreview> PreviewAsync(RedeliverySelection selection, CancellationToken cancellationToken) =>
        await database.ReadAsync(async context =>
        {
            var now = await clock.GetUtcNowAsync(context, cancellationToken).ConfigureAwait(false);
            var bounded = selection with { Until = selection.Until ?? now };
            var count = await Select(context, bounded).CountAsync(cancellationToken).ConfigureAwait(false);
            return new RedeliveryPreview(count, bounded);
        }).ConfigureAwait(false);

    public async ValueTask<int> RedeliverAsync(RedeliverySelection selection, int maxDeliveries, CancellationToken cancellationToken) =>
        await database.WriteAsync(
            async (context, now, token) =>
            {
                var selected = Select(context, selection);
                var ids = await selected
                    .OrderBy(delivery => delivery.DueAt)
                    .Take(maxDeliveries)
                    .Select(delivery => delivery.Id)
                    .ToListAsync(token).ConfigureAwait(false);

                // Another call may have been faster: what it has made pending fails the predicate.
                return ids.Count == 0 ? 0 : await selected
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
                        token).ConfigureAwait(false);
            },
            cancellationToken).ConfigureAwait(false);

    // Each status is a literal of its own, so that the index of its rows is certain to apply.
    private static IQueryable<DeliveryEntity> Select(DbContext context, RedeliverySelection selection)
    {
        var deliveries = context.Set<DeliveryEntity>().AsQueryable();
        deliveries = selection.Status switch
        {
            DeliveryStatus.DeadLettered => deliveries.Where(delivery => delivery.Status == DeliveryStatus.DeadLettered),
            DeliveryStatus.Skipped => deliveries.Where(delivery => delivery.Status == DeliveryStatus.Skipped),
            _ => deliveries.Where(delivery => delivery.Status == DeliveryStatus.Succeeded
                || delivery.Status == DeliveryStatus.DeadLettered || delivery.Status == DeliveryStatus.Skipped),
        };
        if (selection.MessageId is { } messageId)
        {
            deliveries = deliveries.Where(delivery => delivery.MessageId == messageId);
        }

        if (selection.EndpointId is { } endpointId)
        {
            deliveries = deliveries.Where(delivery => delivery.EndpointId == endpointId);
        }

        if (selection.Since is { } since)
        {
            deliveries = deliveries.Where(delivery => delivery.DueAt >= since);
        }

        if (selection.Until is { } until)
        {
            deliveries = deliveries.Where(delivery => delivery.DueAt < until);
        }

        return deliveries.Where(delivery =>
            context.Set<EndpointStateEntity>().Any(state => state.EndpointId == delivery.EndpointId && state.Status != EndpointStatus.Disabled)
            && context.Set<MessageEntity>().Any(message => message.Id == delivery.MessageId && message.ErasedAt == null));
    }
}
