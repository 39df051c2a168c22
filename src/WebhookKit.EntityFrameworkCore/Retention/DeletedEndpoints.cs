using Microsoft.EntityFrameworkCore;
using WebhookKit.Deliveries;
using WebhookKit.EntityFrameworkCore.Deliveries;
using WebhookKit.EntityFrameworkCore.Dialects;
using WebhookKit.EntityFrameworkCore.Endpoints;

namespace WebhookKit.EntityFrameworkCore.Retention;

/// <summary>What is left of endpoints that were deleted, and whether a delivery of theirs is.</summary>
/// <remarks>
/// No index finds every delivery of an endpoint: each publish and completion would pay for it. But those of a deleted
/// endpoint were made before that, and what is still there of that age is little: the primary key gives it in order of time.
/// </remarks>
internal static class DeletedEndpoints
{
    private const int PageSize = 1_000;

    // For a fan-out that had read the endpoint before, and ids made by a clock ahead of the database's.
    private static readonly TimeSpan Margin = TimeSpan.FromHours(1);

    /// <summary>Reads those deleted before an instant, in the order of their ids.</summary>
    public static Task<List<Row>> ReadAsync(
        DbContext context, EndpointId after, DateTimeOffset before, int maxEndpoints, CancellationToken cancellationToken)
    {
        // A tenant may have been published to after its erasure: what was skipped since is younger than the endpoint's end. Each of
        // the two is one place in an index of few rows; as Any() a database might read all of it instead.
        var deliveries = context.Set<DeliveryEntity>();
        return context.Set<EndpointStateEntity>()
            .Where(state => state.EndpointId.CompareTo(after) > 0 && state.DeletedAt != null && state.DeletedAt <= before)
            .OrderBy(state => state.EndpointId)
            .Take(maxEndpoints)
            .Select(state => new Row(
                state.EndpointId,
                deliveries.Where(delivery => delivery.EndpointId == state.EndpointId && delivery.Status == DeliveryStatus.Pending)
                    .OrderBy(delivery => delivery.IsRetry).ThenBy(delivery => delivery.DueAt)
                    .Select(delivery => (DeliveryId?)delivery.Id)
                    .FirstOrDefault() == null
                && deliveries.Where(delivery => delivery.EndpointId == state.EndpointId && delivery.Status == DeliveryStatus.Skipped)
                    .OrderBy(delivery => delivery.DueAt)
                    .Select(delivery => (DeliveryId?)delivery.Id)
                    .FirstOrDefault() == null))
            .ToListAsync(cancellationToken);
    }

    /// <summary>Takes out of the set the endpoints of which any delivery is left that was made before they were deleted.</summary>
    public static async Task KeepThoseWithDeliveriesAsync(
        StoreDatabase database, HashSet<EndpointId> unneeded, DateTimeOffset deletedBefore, CancellationToken cancellationToken)
    {
        var end = new DeliveryId(TimeOrderedId.EarliestAt(deletedBefore + Margin));
        DeliveryId? last = default(DeliveryId);
        while (unneeded.Count > 0 && last is { } first)
        {
            var page = await database.ReadAsync(context => context.Set<DeliveryEntity>()
                .Where(delivery => delivery.Id.CompareTo(first) > 0 && delivery.Id.CompareTo(end) < 0)
                .OrderBy(delivery => delivery.Id)
                .Take(PageSize)
                .Select(delivery => new { delivery.Id, delivery.EndpointId })
                .ToListAsync(cancellationToken)).ConfigureAwait(false);
            unneeded.ExceptWith(page.Select(delivery => delivery.EndpointId));
            last = page.Count < PageSize ? null : page[^1].Id;
        }
    }

    /// <summary>Deletes their rows, in the caller's transaction.</summary>
    public static async Task<int> DeleteAsync(DbContext context, EndpointId[] ids, CancellationToken cancellationToken)
    {
        // Only one erased with its tenant still has a row there.
        await context.Set<EndpointEntity>()
            .Where(endpoint => ids.Contains(endpoint.Id))
            .ExecuteDeleteAsync(cancellationToken).ConfigureAwait(false);
        return await context.Set<EndpointStateEntity>()
            .Where(state => ids.Contains(state.EndpointId))
            .ExecuteDeleteAsync(cancellationToken).ConfigureAwait(false);
    }

    /// <param name="Id">The endpoint.</param>
    /// <param name="IsIdle">Whether nothing of it is pending or skipped.</param>
    public sealed record Row(EndpointId Id, bool IsIdle);
}
