using Microsoft.EntityFrameworkCore;
using WebhookKit.Deliveries;
using WebhookKit.Endpoints;
using WebhookKit.EntityFrameworkCore.Dialects;
using WebhookKit.EntityFrameworkCore.Endpoints;

namespace WebhookKit.EntityFrameworkCore.Deliveries;

/// <summary>Deliveries in the host's own database: the hot statements in its dialect, the others in LINQ.</summary>
internal sealed class EntityFrameworkDeliveryStore(StoreDatabase database, DeliveryStatements statements) : IDeliveryStore
{
    public async ValueTask<IReadOnlyList<DueEndpoint>> SweepAsync(
        EndpointId? after, int maxEndpoints, CancellationToken cancellationToken) =>
        await statements.Current.SweepAsync(after, maxEndpoints, cancellationToken).ConfigureAwait(false);

    public async ValueTask<IReadOnlyList<LeasedDelivery>> LeaseAsync(
        IReadOnlyList<LeaseBudget> budgets, LeaseId leaseId, TimeSpan leaseDuration, CancellationToken cancellationToken) =>
        budgets.Count == 0
            ? []
            : await statements.Current.LeaseAsync(budgets, leaseId, leaseDuration, cancellationToken).ConfigureAwait(false);

    public async ValueTask ReleaseAsync(IReadOnlyList<LeasedDelivery> deliveries, CancellationToken cancellationToken)
    {
        await database.WriteAsync(async (context, now, token) =>
        {
            foreach (var lease in deliveries.GroupBy(delivery => delivery.LeaseId, delivery => delivery.Id))
            {
                var leased = lease.ToArray();
                await context.Set<DeliveryEntity>()
                    .Where(delivery => leased.Contains(delivery.Id) && delivery.LeaseId == lease.Key)
                    .ExecuteUpdateAsync(
                        delivery => delivery
                            .SetProperty(d => d.LeaseId, (LeaseId?)null)
                            .SetProperty(d => d.DueAt, now)
                            .SetProperty(d => d.Leases, d => d.Leases - 1),
                        token).ConfigureAwait(false);
            }

            return true;
        }, cancellationToken).ConfigureAwait(false);
    }

    public async ValueTask<IReadOnlyList<DeliveryId>> CompleteAsync(
        IReadOnlyList<DeliveryCompletion> completions,
        IReadOnlyList<EndpointHealth> health,
        OperationalPlanner? planner,
        CancellationToken cancellationToken) =>
        completions.Count == 0
            ? []
            : await statements.Current.CompleteAsync(completions, health, planner, cancellationToken).ConfigureAwait(false);

    public async ValueTask<int> SkipDisabledAsync(EndpointId endpointId, int maxDeliveries, CancellationToken cancellationToken)
    {
        var (skipped, isFull) = (0, true);
        while (isFull && skipped < maxDeliveries)
        {
            (var count, isFull) = await database.WriteAsync(
                (context, now, token) => SkipSomeAsync(context, endpointId, maxDeliveries - skipped, now, token), cancellationToken)
                .ConfigureAwait(false);
            skipped += count;
        }

        return skipped;
    }

    public async ValueTask<IReadOnlyList<Delivery>> GetByMessageAsync(MessageId messageId, CancellationToken cancellationToken)
    {
        var rows = await database.ReadAsync(context => context.Set<DeliveryEntity>()
            .AsNoTracking()
            .Where(delivery => delivery.MessageId == messageId)
            .OrderBy(delivery => delivery.Id)
            .ToListAsync(cancellationToken)).ConfigureAwait(false);
        return rows.ConvertAll(row => row.ToDelivery());
    }

    public async ValueTask<IReadOnlyList<Attempt>> GetAttemptsAsync(DeliveryId deliveryId, CancellationToken cancellationToken)
    {
        var rows = await database.ReadAsync(context => context.Set<AttemptEntity>()
            .AsNoTracking()
            .Where(attempt => attempt.DeliveryId == deliveryId)
            .OrderBy(attempt => attempt.Id)
            .ToListAsync(cancellationToken)).ConfigureAwait(false);
        return rows.ConvertAll(row => row.ToAttempt());
    }

    private async Task<(int Skipped, bool IsFull)> SkipSomeAsync(
        DbContext context, EndpointId endpointId, int maxDeliveries, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var size = TurnSize.Limit(context, maxDeliveries);
        await WaitingDeliveries.KeepToIndexAsync(context, cancellationToken).ConfigureAwait(false);
        var chosen = await WaitingDeliveries.Some(context, endpointId, now, size)
            .Select(delivery => new { delivery.Id, delivery.OrderingKey })
            .ToListAsync(cancellationToken).ConfigureAwait(false);
        if (chosen.Count == 0)
        {
            return (0, false);
        }

        var isDeleted = !await context.Set<EndpointStateEntity>()
            .AnyAsync(state => state.EndpointId == endpointId && state.StatusReason != EndpointStatusReason.Deleted, cancellationToken)
            .ConfigureAwait(false);
        var skipped = await WaitingDeliveries.StillWaiting(context, chosen.ConvertAll(delivery => delivery.Id), now)
            .ExecuteUpdateAsync(
                delivery => delivery
                    .SetProperty(d => d.Status, isDeleted ? DeliveryStatus.Canceled : DeliveryStatus.Skipped)
                    .SetProperty(d => d.Reason, isDeleted ? DeliveryStatusReason.EndpointDeleted : DeliveryStatusReason.EndpointDisabled)
                    .SetProperty(d => d.DueAt, now)
                    .SetProperty(d => d.LeaseId, (LeaseId?)null)
                    .SetProperty(d => d.NextAttemptAt, (DateTimeOffset?)null),
                cancellationToken).ConfigureAwait(false);
        await statements.Current.PromoteAsync(
            context,
            [.. chosen.Select(delivery => delivery.OrderingKey).OfType<string>().Distinct().Select(key => new OrderingLine(endpointId, key))],
            cancellationToken).ConfigureAwait(false);
        return (skipped, chosen.Count == size);
    }
}
