using Microsoft.EntityFrameworkCore;
using WebhookKit.Deliveries;
using WebhookKit.Endpoints;
using WebhookKit.EntityFrameworkCore.Dialects;
using WebhookKit.EntityFrameworkCore.Endpoints;
using WebhookKit.Identifiers;

namespace WebhookKit.EntityFrameworkCore.Deliveries;

/// <summary>The statements of dispatch in LINQ that every relational provider translates.</summary>
internal sealed class PortableDeliveryStatements(StoreDatabase database, DatabaseClock clock, IdGenerator ids) : IDeliveryStatements
{
    public Task<IReadOnlyList<DueEndpoint>> SweepAsync(EndpointId? after, int maxEndpoints, CancellationToken cancellationToken)
    {
        var first = after ?? default;
        return database.ReadAsync<IReadOnlyList<DueEndpoint>>(async context =>
        {
            var now = await clock.GetUtcNowAsync(context, cancellationToken).ConfigureAwait(false);
            var found = await context.Set<DeliveryEntity>()
                .Where(delivery => delivery.Status == DeliveryStatus.Pending && delivery.EndpointId.CompareTo(first) > 0)
                .GroupBy(delivery => delivery.EndpointId)
                .Select(pending => new { EndpointId = pending.Key, DueAt = pending.Min(delivery => delivery.DueAt) })
                .LeftJoin(
                    context.Set<EndpointStateEntity>(),
                    pending => pending.EndpointId,
                    state => state.EndpointId,
                    (pending, state) => new
                    {
                        pending.EndpointId,
                        pending.DueAt,
                        Status = state == null ? EndpointStatus.Disabled : state.Status,
                        SlowedDownUntil = state == null ? null : state.SlowedDownUntil,
                    })
                .Where(row => row.Status != EndpointStatus.Paused)
                .OrderBy(row => row.EndpointId)
                .Take(maxEndpoints)
                .ToListAsync(cancellationToken).ConfigureAwait(false);
            return found.ConvertAll(row => new DueEndpoint(
                row.EndpointId,
                (row.SlowedDownUntil > row.DueAt ? row.SlowedDownUntil.Value : row.DueAt) - now,
                row.Status));
        });
    }

    public async Task<IReadOnlyList<LeasedDelivery>> LeaseAsync(
        IReadOnlyList<LeaseBudget> budgets, LeaseId leaseId, TimeSpan leaseDuration, CancellationToken cancellationToken)
    {
        var toldAt = 0L;
        var leased = await database.WriteAsync(
            (context, now, token) =>
            {
                toldAt = TimeProvider.System.GetTimestamp();
                return LeaseAsync(context, budgets, leaseId, leaseDuration, now, token);
            },
            cancellationToken).ConfigureAwait(false);
        var passed = TimeProvider.System.GetElapsedTime(toldAt);
        return leased.ConvertAll(delivery => delivery.After(passed));
    }

    private static async Task<List<LeasedDelivery>> LeaseAsync(
        DbContext context,
        IReadOnlyList<LeaseBudget> budgets,
        LeaseId leaseId,
        TimeSpan leaseDuration,
        DateTimeOffset now,
        CancellationToken cancellationToken)
    {
        var states = await PortableHealth.LockMeteredAsync(
            context, [.. budgets.Select(budget => budget.EndpointId)], cancellationToken).ConfigureAwait(false);
        var grants = EndpointGrants.Of(states, budgets, now, leaseDuration);
        var metered = states.Select(state => state.EndpointId).ToHashSet();
        var due = await PortableDueDeliveries.FindAsync(
            context, [.. budgets.Where(budget => !metered.Contains(budget.EndpointId)), .. grants.Budgets], now, cancellationToken).ConfigureAwait(false);
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
                cancellationToken).ConfigureAwait(false);
        var leased = await context.Set<DeliveryEntity>()
            .Where(delivery => due.Contains(delivery.Id) && delivery.LeaseId == leaseId)
            .OrderBy(delivery => delivery.NextAttemptAt).ThenBy(delivery => delivery.Id)
            .Select(delivery => new LeasedDelivery(
                delivery.Id,
                delivery.MessageId,
                delivery.EndpointId,
                leaseId,
                delivery.Attempts,
                delivery.Leases,
                delivery.OrderingKey,
                null,
                delivery.PayloadFormat,
                false))
            .ToListAsync(cancellationToken).ConfigureAwait(false);
        if (metered.Count == 0)
        {
            return leased;
        }

        var spaced = grants.Charge(leased.Where(delivery => metered.Contains(delivery.EndpointId)), out var charged);
        await PortableHealth.SaveAsync(context, charged, cancellationToken).ConfigureAwait(false);
        var startsIn = spaced.ToDictionary(delivery => delivery.Id);
        return leased.ConvertAll(delivery => startsIn.GetValueOrDefault(delivery.Id, delivery));
    }

    public Task<IReadOnlyList<DeliveryId>> CompleteAsync(
        IReadOnlyList<DeliveryCompletion> completions,
        IReadOnlyList<EndpointHealth> health,
        OperationalPlanner? planner,
        CancellationToken cancellationToken) =>
        database.WriteAsync<IReadOnlyList<DeliveryId>>(async (context, now, token) =>
        {
            var (owned, late) = await PortableCompletion.WriteAsync(context, completions, ids, now, token).ConfigureAwait(false);
            await PromoteAsync(context, OrderingLine.LeftBy(owned), token).ConfigureAwait(false);
            var answered = owned.Select(completion => completion.Delivery.EndpointId).ToHashSet();
            var transitions = await PortableHealth.WriteAsync(
                context, [.. health.Where(change => answered.Contains(change.EndpointId))], now, token).ConfigureAwait(false);
            await CompletionNews.TellAsync(context, planner, transitions, owned, token).ConfigureAwait(false);
            return [.. late.Select(completion => completion.Delivery.Id)];
        }, cancellationToken);

    public async Task PromoteAsync(DbContext context, IReadOnlyCollection<OrderingLine> lines, CancellationToken cancellationToken)
    {
        if (lines.Count == 0)
        {
            return;
        }

        var endpoints = lines.Select(line => line.EndpointId).Distinct().ToArray();
        var keys = lines.Select(line => line.Key).Distinct().ToArray();

        // Changes nothing but locks the endpoints: the statements behind it see what other transactions did before.
        await context.Set<EndpointStateEntity>()
            .Where(state => endpoints.Contains(state.EndpointId))
            .ExecuteUpdateAsync(state => state.SetProperty(s => s.Status, s => s.Status), cancellationToken).ConfigureAwait(false);

        // More lines than asked for may come along; none of them is harmed by having its first delivery due.
        var first = context.Set<DeliveryEntity>()
            .Where(delivery => endpoints.Contains(delivery.EndpointId) && keys.Contains(delivery.OrderingKey!)
                && delivery.Status == DeliveryStatus.Pending)
            .GroupBy(delivery => new { delivery.EndpointId, delivery.OrderingKey })
            .Select(line => new { line.Key.EndpointId, line.Key.OrderingKey, Sequence = line.Min(delivery => delivery.Sequence) });
        var waiting = await context.Set<DeliveryEntity>()
            .Join(
                first,
                delivery => new { delivery.EndpointId, delivery.OrderingKey, delivery.Sequence },
                line => new { line.EndpointId, line.OrderingKey, line.Sequence },
                (delivery, _) => delivery)
            .Where(delivery => delivery.Status == DeliveryStatus.Pending && delivery.DueAt == DeliveryEntity.Never)
            .Select(delivery => delivery.Id)
            .ToListAsync(cancellationToken).ConfigureAwait(false);
        if (waiting.Count > 0)
        {
            // The time it was meant for is when it was made or later, so it needs no clock to be due.
            await context.Set<DeliveryEntity>()
                .Where(delivery => waiting.Contains(delivery.Id))
                .ExecuteUpdateAsync(
                    delivery => delivery.SetProperty(d => d.DueAt, d => d.NextAttemptAt!.Value), cancellationToken)
                .ConfigureAwait(false);
        }
    }
}
