using Microsoft.EntityFrameworkCore;
using WebhookKit.Deliveries;
using WebhookKit.EntityFrameworkCore.Endpoints;
using WebhookKit.EntityFrameworkCore.Outbox;

namespace WebhookKit.EntityFrameworkCore.Deliveries;

/// <summary>Finds what a redelivery selects: by the index of messages, or those of dead letters and of what was skipped.</summary>
internal static class SelectedDeliveries
{
    // Each status is a literal of its own, so that the index of its rows is certain to apply.
    public static IQueryable<DeliveryEntity> Ended(DbContext context, RedeliverySelection selection)
    {
        var deliveries = Named(context, selection);
        deliveries = selection.Status switch
        {
            DeliveryStatus.DeadLettered => deliveries.Where(delivery => delivery.Status == DeliveryStatus.DeadLettered),
            DeliveryStatus.Skipped => deliveries.Where(delivery => delivery.Status == DeliveryStatus.Skipped),
            _ => deliveries.Where(delivery => delivery.Status == DeliveryStatus.Succeeded
                || delivery.Status == DeliveryStatus.DeadLettered || delivery.Status == DeliveryStatus.Skipped),
        };
        if (selection.Since is { } since)
        {
            deliveries = deliveries.Where(delivery => delivery.DueAt >= since);
        }

        if (selection.Until is { } until)
        {
            deliveries = deliveries.Where(delivery => delivery.DueAt < until);
        }

        return Sendable(context, deliveries);
    }

    /// <summary>Those of a message that are being attempted, or wait for a retry.</summary>
    public static async Task<List<DeliveryId>> FindUnderWayAsync(
        DbContext context, RedeliverySelection selection, CancellationToken cancellationToken) => selection.MessageId is null
        ? []
        : await Sendable(context, Named(context, selection))
            .Where(delivery => delivery.Status == DeliveryStatus.Pending && (delivery.LeaseId != null || delivery.Attempts > 0)
                && delivery.DueAt != DeliveryEntity.Never)
            .Select(delivery => delivery.Id)
            .ToListAsync(cancellationToken).ConfigureAwait(false);

    public static IQueryable<DeliveryEntity> Sendable(DbContext context, IQueryable<DeliveryEntity> deliveries) =>
        deliveries.Where(delivery =>
            context.Set<EndpointStateEntity>().Any(state => state.EndpointId == delivery.EndpointId && state.Status != EndpointStatus.Disabled)
            && context.Set<MessageEntity>().Any(message => message.Id == delivery.MessageId && message.ErasedAt == null));

    private static IQueryable<DeliveryEntity> Named(DbContext context, RedeliverySelection selection)
    {
        var deliveries = context.Set<DeliveryEntity>().AsQueryable();
        if (selection.MessageId is { } messageId)
        {
            deliveries = deliveries.Where(delivery => delivery.MessageId == messageId);
        }

        if (selection.EndpointId is { } endpointId)
        {
            deliveries = deliveries.Where(delivery => delivery.EndpointId == endpointId);
        }

        if (selection.IsOfTenant)
        {
            deliveries = deliveries.Where(delivery => context.Set<EndpointEntity>()
                .Any(endpoint => endpoint.Id == delivery.EndpointId && endpoint.TenantId == selection.TenantId));
        }

        return deliveries;
    }
}
