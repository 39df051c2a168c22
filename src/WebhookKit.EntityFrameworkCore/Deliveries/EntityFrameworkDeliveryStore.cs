using Microsoft.EntityFrameworkCore;
using WebhookKit.Deliveries;
using WebhookKit.Endpoints;
using WebhookKit.EntityFrameworkCore.Dialects;
using WebhookKit.EntityFrameworkCore.Endpoints;
using WebhookKit.Identifiers;

namespace WebhookKit.EntityFrameworkCore.Deliveries;

/// <summary>Deliveries in the host's own database, by statements that every relational provider translates.</summary>
internal sealed class EntityFrameworkDeliveryStore(StoreDatabase database, DatabaseClock clock, IdGenerator ids) : IDeliveryStore
{
    public async ValueTask<IReadOnlyList<DueEndpoint>> SweepAsync(
        EndpointId? after, int maxEndpoints, CancellationToken cancellationToken)
    {
        var first = after ?? default;
        return await database.ReadAsync(async context =>
        {
            var now = await clock.GetUtcNowAsync(context, cancellationToken).ConfigureAwait(false);
            var found = await context.Set<DeliveryEntity>()
                .Where(delivery => delivery.Status == DeliveryStatus.Pending && delivery.EndpointId.CompareTo(first) > 0)
                .GroupBy(delivery => delivery.EndpointId)
                .Select(pending => new { EndpointId = pending.Key, DueAt = pending.Min(delivery => delivery.DueAt) })
                .Join(
                    context.Set<EndpointStateEntity>().Where(state => state.Status != EndpointStatus.Paused),
                    pending => pending.EndpointId,
                    state => state.EndpointId,
                    (pending, state) => new { pending.EndpointId, pending.DueAt, state.Status, state.SlowedDownUntil })
                .OrderBy(row => row.EndpointId)
                .Take(maxEndpoints)
                .ToListAsync(cancellationToken).ConfigureAwait(false);
            return found.ConvertAll(row => new DueEndpoint(
                row.EndpointId,
                (row.SlowedDownUntil > row.DueAt ? row.SlowedDownUntil.Value : row.DueAt) - now,
                row.Status));
        }).ConfigureAwait(false);
    }

    public async ValueTask<IReadOnlyList<LeasedDelivery>> LeaseAsync(
        IReadOnlyList<LeaseBudget> budgets, LeaseId leaseId, TimeSpan leaseDuration, CancellationToken cancellationToken)
    {
        return await database.WriteAsync(async (context, now, token) =>
        {
            var due = await DueDeliveries.FindAsync(context, budgets, now, token).ConfigureAwait(false);
            if (due.Count == 0)
            {
                return [];
            }

            // Another node may have leased some of them since; the due time it moved makes them fail the predicate.
            await context.Set<DeliveryEntity>()
                .Where(delivery => due.Contains(delivery.Id)
                    && delivery.Status == DeliveryStatus.Pending && delivery.DueAt <= now)
                .ExecuteUpdateAsync(
                    delivery => delivery
                        .SetProperty(d => d.LeaseId, leaseId)
                        .SetProperty(d => d.DueAt, now + leaseDuration)
                        .SetProperty(d => d.Leases, d => d.Leases + 1),
                    token).ConfigureAwait(false);
            return await context.Set<DeliveryEntity>()
                .Where(delivery => due.Contains(delivery.Id) && delivery.LeaseId == leaseId)
                .OrderBy(delivery => delivery.NextAttemptAt).ThenBy(delivery => delivery.Id)
                .Select(delivery => new LeasedDelivery(
                    delivery.Id, delivery.MessageId, delivery.EndpointId, leaseId, delivery.Attempts, delivery.Leases))
                .ToListAsync(token).ConfigureAwait(false);
        }, cancellationToken).ConfigureAwait(false);
    }

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
        IReadOnlyList<DeliveryCompletion> completions, IReadOnlyList<EndpointHealth> health, CancellationToken cancellationToken)
    {
        return await database.WriteAsync(async (context, now, token) =>
        {
            var late = await CompletionStatements.WriteAsync(context, completions, health, ids, now, token).ConfigureAwait(false);
            return late.Select(completion => completion.Delivery.Id).ToArray();
        }, cancellationToken).ConfigureAwait(false);
    }

    public async ValueTask<int> SkipDisabledAsync(EndpointId endpointId, int maxDeliveries, CancellationToken cancellationToken)
    {
        return await database.WriteAsync(async (context, now, token) =>
        {
            // A lease that has ended counts as none: its holder is gone or will be fenced.
            var pending = context.Set<DeliveryEntity>().Where(delivery =>
                delivery.EndpointId == endpointId && delivery.Status == DeliveryStatus.Pending
                && (delivery.LeaseId == null || delivery.DueAt <= now)
                && context.Set<EndpointStateEntity>().Any(state =>
                    state.EndpointId == endpointId && state.Status == EndpointStatus.Disabled));
            var chosen = await pending.OrderBy(delivery => delivery.DueAt).Select(delivery => delivery.Id)
                .Take(maxDeliveries).ToListAsync(token).ConfigureAwait(false);
            return await pending.Where(delivery => chosen.Contains(delivery.Id))
                .ExecuteUpdateAsync(
                    delivery => delivery
                        .SetProperty(d => d.Status, DeliveryStatus.Skipped)
                        .SetProperty(d => d.Reason, DeliveryStatusReason.EndpointDisabled)
                        .SetProperty(d => d.DueAt, now)
                        .SetProperty(d => d.LeaseId, (LeaseId?)null)
                        .SetProperty(d => d.NextAttemptAt, (DateTimeOffset?)null),
                    token).ConfigureAwait(false);
        }, cancellationToken).ConfigureAwait(false);
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
}
