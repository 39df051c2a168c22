using Microsoft.EntityFrameworkCore;
using WebhookKit.Deliveries;
using WebhookKit.EntityFrameworkCore.Endpoints;

namespace WebhookKit.EntityFrameworkCore.Deliveries;

/// <summary>Chooses what may be leased: by endpoint and budget, never by due time alone.</summary>
internal static class DueDeliveries
{
    public static async Task<List<DeliveryId>> FindAsync(
        DbContext context, IReadOnlyList<LeaseBudget> budgets, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var asked = budgets.Select(budget => budget.EndpointId).ToArray();
        var open = await context.Set<EndpointStateEntity>()
            .Where(state => asked.Contains(state.EndpointId) && state.Status == EndpointStatus.Enabled
                && (state.SlowedDownUntil == null || state.SlowedDownUntil <= now))
            .Select(state => state.EndpointId)
            .ToListAsync(cancellationToken).ConfigureAwait(false);

        var found = new List<DeliveryId>();
        foreach (var budget in budgets.Where(budget => open.Contains(budget.EndpointId)))
        {
            var due = context.Set<DeliveryEntity>().Where(delivery =>
                delivery.EndpointId == budget.EndpointId && delivery.Status == DeliveryStatus.Pending && delivery.DueAt <= now);
            found.AddRange(await TakeAsync(due, budget, cancellationToken).ConfigureAwait(false));
        }

        return found;
    }

    private static async Task<IEnumerable<DeliveryId>> TakeAsync(
        IQueryable<DeliveryEntity> due, LeaseBudget budget, CancellationToken cancellationToken)
    {
        var retries = Math.Min(budget.Retries, budget.Deliveries);
        var all = await OldestAsync(due, budget.Deliveries, cancellationToken).ConfigureAwait(false);
        if (all.Count(delivery => delivery.Attempts > 0) <= retries)
        {
            return all.Select(delivery => delivery.Id);
        }

        // Too many retries stand in front: the places they may not have go to the oldest first attempts.
        var firstAttempts = await OldestAsync(
            due.Where(delivery => delivery.Attempts == 0), budget.Deliveries - retries, cancellationToken).ConfigureAwait(false);
        return all.Where(delivery => delivery.Attempts > 0).Take(retries).Concat(firstAttempts).Select(delivery => delivery.Id);
    }

    private static Task<List<DueDelivery>> OldestAsync(
        IQueryable<DeliveryEntity> due, int count, CancellationToken cancellationToken) =>
        due.OrderBy(delivery => delivery.DueAt)
            .Take(count)
            .Select(delivery => new DueDelivery(delivery.Id, delivery.Attempts))
            .ToListAsync(cancellationToken);

    private sealed record DueDelivery(DeliveryId Id, int Attempts);
}
