using Microsoft.EntityFrameworkCore;
using WebhookKit.Deliveries;
using WebhookKit.Endpoints;
using WebhookKit.EntityFrameworkCore.Dialects;
using WebhookKit.EntityFrameworkCore.Endpoints;

namespace WebhookKit.EntityFrameworkCore.Deliveries;

/// <summary>What still waits for an endpoint that is disabled or deleted, and that nobody has leased.</summary>
internal static class WaitingDeliveries
{
    /// <summary>Keeps <see cref="Some"/> to its index for the rest of the caller's transaction.</summary>
    /// <remarks>Without statistics, or with those of a time when few waited, PostgreSQL would rather gather everything and sort it.</remarks>
    public static Task KeepToIndexAsync(DbContext context, CancellationToken cancellationToken) => context.Database.IsPostgreSql()
        ? context.Database.ExecuteSqlRawAsync("SET LOCAL enable_sort = off", cancellationToken)
        : Task.CompletedTask;

    /// <summary>Some of them; none while the endpoint is neither disabled nor deleted.</summary>
    /// <remarks>In the order of the index of pending rows: in any other, each part would read and sort everything that is left.</remarks>
    public static IQueryable<DeliveryEntity> Some(DbContext context, EndpointId endpointId, DateTimeOffset now, int maxDeliveries) =>
        NotLeased(context, now)
            .Where(delivery => delivery.EndpointId == endpointId && delivery.Status == DeliveryStatus.Pending
                && !context.Set<EndpointStateEntity>().Any(state => state.EndpointId == endpointId && state.Status != EndpointStatus.Disabled))
            .OrderBy(delivery => delivery.IsRetry).ThenBy(delivery => delivery.DueAt)
            .Take(maxDeliveries);

    /// <summary>Those of them that wait even now.</summary>
    /// <remarks>
    /// Only pending rows have a next attempt; naming the status would invite a plan over the index of pending rows, which
    /// reads everything that is left too.
    /// </remarks>
    public static IQueryable<DeliveryEntity> StillWaiting(DbContext context, IReadOnlyCollection<DeliveryId> ids, DateTimeOffset now) =>
        NotLeased(context, now).Where(delivery => ids.Contains(delivery.Id) && delivery.NextAttemptAt != null);

    // A lease that has ended counts as none: its holder is gone or will be fenced.
    private static IQueryable<DeliveryEntity> NotLeased(DbContext context, DateTimeOffset now) =>
        context.Set<DeliveryEntity>().Where(delivery => delivery.LeaseId == null || delivery.DueAt <= now);
}
