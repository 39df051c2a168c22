using Microsoft.EntityFrameworkCore;
using WebhookKit.Deliveries;
using WebhookKit.EntityFrameworkCore.Endpoints;

namespace WebhookKit.EntityFrameworkCore.Deliveries;

/// <summary>Chooses what may be leased: by endpoint and budget, never by due time alone.</summary>
internal static class PortableDueDeliveries
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
            var firsts = await OldestAsync(isRetry: false, budget.Deliveries).ConfigureAwait(false);
            var retries = await OldestAsync(isRetry: true, budget.Retries).ConfigureAwait(false);
            found.AddRange(firsts.Concat(retries)
                .OrderBy(delivery => delivery.DueAt).Take(budget.Deliveries).Select(delivery => delivery.Id));

            Task<List<DueDelivery>> OldestAsync(bool isRetry, int count) => context.Set<DeliveryEntity>()
                .Where(delivery => delivery.EndpointId == budget.EndpointId && delivery.IsRetry == isRetry
                    && delivery.Status == DeliveryStatus.Pending && delivery.DueAt <= now)
                .OrderBy(delivery => delivery.DueAt)
                .Take(count)
                .Select(delivery => new DueDelivery(delivery.Id, delivery.DueAt))
                .ToListAsync(cancellationToken);
        }

        return found;
    }

    private sealed record DueDelivery(DeliveryId Id, DateTimeOffset DueAt);
}
