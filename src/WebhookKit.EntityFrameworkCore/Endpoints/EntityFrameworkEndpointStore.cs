using Microsoft.EntityFrameworkCore;
using WebhookKit.Endpoints;
using WebhookKit.EntityFrameworkCore.Dialects;

namespace WebhookKit.EntityFrameworkCore.Endpoints;

/// <summary>Endpoints and their health in the host's own database.</summary>
internal sealed class EntityFrameworkEndpointStore(StoreDatabase database, EndpointReader reader) : IEndpointStore
{
    public async ValueTask DeclareAsync(
        IReadOnlyList<WebhookEndpoint> endpoints, long deployment, CancellationToken cancellationToken)
    {
        // Where there was nothing to lock, another deployment may have started on the empty table at the same time:
        // whoever looks again after its own commit sees the other's rows, or is seen by the other.
        while (await DeclareOnceAsync(endpoints, deployment, cancellationToken).ConfigureAwait(false) == Declared.WithoutLock)
        {
        }
    }

    private async Task<Declared> DeclareOnceAsync(
        IReadOnlyList<WebhookEndpoint> endpoints, long deployment, CancellationToken cancellationToken)
    {
        return await database.WriteAsync(async (context, now, token) =>
        {
            // Changes nothing but locks the rows: of two deployments that start together, the second sees the first's.
            var ours = context.Set<EndpointEntity>().Where(endpoint => endpoint.IsDeclared);
            await ours.ExecuteUpdateAsync(
                endpoint => endpoint.SetProperty(e => e.Deployment, e => e.Deployment), token).ConfigureAwait(false);
            var declared = await ours
                .AsNoTracking()
                .ToDictionaryAsync(endpoint => endpoint.Id, token).ConfigureAwait(false);
            var newest = declared.Values.Select(endpoint => endpoint.Deployment).DefaultIfEmpty(deployment).Max();
            if (newest > deployment)
            {
                await DisableUnseenAsync(context, ours, newest, token).ConfigureAwait(false);
                return Declared.UnderLock;
            }

            var rows = endpoints.Select(endpoint => EndpointEntity.From(endpoint, deployment, now)).ToArray();
            var fresh = rows.Where(row => !declared.ContainsKey(row.Id)).ToArray();
            await context.InsertRowsAsync(fresh, token).ConfigureAwait(false);
            EndpointStateEntity[] states =
                [.. endpoints.Where(endpoint => !declared.ContainsKey(endpoint.Id)).Select(EndpointStateEntity.For)];
            await context.InsertRowsAsync(states, token).ConfigureAwait(false);
            foreach (var row in rows.Where(row => declared.ContainsKey(row.Id)))
            {
                await context.Set<EndpointEntity>()
                    .Where(endpoint => endpoint.Id == row.Id)
                    .ExecuteUpdateAsync(
                        endpoint => endpoint
                            .SetProperty(e => e.Url, row.Url)
                            .SetProperty(e => e.EventTypes, row.EventTypes)
                            .SetProperty(e => e.Filter, row.Filter)
                            .SetProperty(e => e.IsOrdered, row.IsOrdered)
                            .SetProperty(e => e.SkipFailingHead, row.SkipFailingHead)
                            .SetProperty(e => e.Policy, row.Policy),
                        token).ConfigureAwait(false);
            }

            foreach (var endpoint in endpoints.Where(endpoint => declared.ContainsKey(endpoint.Id)))
            {
                await EndpointStateEntity.WriteRateAsync(context, endpoint.Id, endpoint.Rate, token).ConfigureAwait(false);
            }

            // Also those no longer declared: they remember the newest deployment when none is left. Not those committed
            // since they were read: their own deployment looks again, and must still find them unmarked.
            await ours.Where(endpoint => declared.Keys.Contains(endpoint.Id))
                .ExecuteUpdateAsync(endpoint => endpoint.SetProperty(e => e.Deployment, deployment), token).ConfigureAwait(false);

            var listed = Array.ConvertAll(rows, row => row.Id);
            await SetStatusAsync(
                context.Set<EndpointStateEntity>().Where(state =>
                    listed.Contains(state.EndpointId) && state.StatusReason == EndpointStatusReason.NotDeclared),
                EndpointStatus.Enabled, EndpointStatusReason.None, token).ConfigureAwait(false);
            var gone = declared.Keys.Except(listed).ToArray();
            await SetStatusAsync(
                context.Set<EndpointStateEntity>().Where(state =>
                    gone.Contains(state.EndpointId) && state.Status == EndpointStatus.Enabled),
                EndpointStatus.Disabled, EndpointStatusReason.NotDeclared, token).ConfigureAwait(false);
            return declared.Count == 0 && rows.Length > 0 ? Declared.WithoutLock : Declared.UnderLock;
        }, cancellationToken).ConfigureAwait(false);
    }

    // The newest deployment marks every row it sees: one of an older mark was made at the same time, and is not its own.
    private static async Task DisableUnseenAsync(
        DbContext context, IQueryable<EndpointEntity> ours, long newest, CancellationToken cancellationToken)
    {
        var unseen = ours.Where(endpoint => endpoint.Deployment < newest);
        await SetStatusAsync(
            context.Set<EndpointStateEntity>().Where(state =>
                unseen.Select(endpoint => endpoint.Id).Contains(state.EndpointId) && state.Status == EndpointStatus.Enabled),
            EndpointStatus.Disabled, EndpointStatusReason.NotDeclared, cancellationToken).ConfigureAwait(false);
        await unseen.ExecuteUpdateAsync(
            endpoint => endpoint.SetProperty(e => e.Deployment, newest), cancellationToken).ConfigureAwait(false);
    }

    public async ValueTask<IReadOnlyList<WebhookEndpoint>> GetByTenantsAsync(
        IReadOnlyCollection<string?> tenantIds, CancellationToken cancellationToken) =>
        await database.RunStatementAsync(
            (context, token) => reader.ReadByTenantsAsync(context, tenantIds, token), cancellationToken).ConfigureAwait(false);

    public async ValueTask<IReadOnlyList<WebhookEndpoint>> GetAsync(
        IReadOnlyCollection<EndpointId> ids, CancellationToken cancellationToken) =>
        await database.RunStatementAsync(
            (context, token) => reader.ReadAsync(context, ids, token), cancellationToken).ConfigureAwait(false);

    public async ValueTask<IReadOnlyList<EndpointState>> GetStatesAsync(
        IReadOnlyCollection<EndpointId> ids, CancellationToken cancellationToken)
    {
        var rows = await database.ReadAsync(context => context.Set<EndpointStateEntity>()
            .AsNoTracking()
            .Where(state => ids.Contains(state.EndpointId)
                && (state.LastSuccessAt != null || state.FailingSince != null || state.SlowedDownUntil != null))
            .OrderBy(state => state.EndpointId)
            .ToListAsync(cancellationToken)).ConfigureAwait(false);
        return rows.ConvertAll(row => row.ToState());
    }

    public async ValueTask SetRatesAsync(IReadOnlyDictionary<EndpointId, EndpointRate?> rates, CancellationToken cancellationToken) =>
        await database.WriteAsync(
            async (context, _, token) =>
            {
                // In the order in which completions lock them.
                foreach (var (id, rate) in rates.OrderBy(entry => entry.Key))
                {
                    await EndpointStateEntity.WriteRateAsync(context, id, rate, token).ConfigureAwait(false);
                }

                return rates.Count;
            },
            cancellationToken).ConfigureAwait(false);

    public async ValueTask<bool> SetStatusAsync(
        EndpointId id, EndpointStatus status, EndpointStatusReason reason, CancellationToken cancellationToken)
    {
        return await database.WriteAsync(
            async (context, _, token) =>
            {
                var state = context.Set<EndpointStateEntity>().Where(state =>
                    state.EndpointId == id
                    && state.StatusReason != EndpointStatusReason.Deleted && state.StatusReason != EndpointStatusReason.Erased);
                if (status == EndpointStatus.Enabled)
                {
                    await ResetAsync(state, token).ConfigureAwait(false);
                }

                return await SetStatusAsync(state, status, reason, token).ConfigureAwait(false);
            },
            cancellationToken).ConfigureAwait(false) > 0;
    }

    // As EndpointHealthRules.Reset says.
    private static Task<int> ResetAsync(IQueryable<EndpointStateEntity> states, CancellationToken cancellationToken) =>
        states.ExecuteUpdateAsync(
            state => state
                .SetProperty(s => s.ConsecutiveFailures, 0)
                .SetProperty(s => s.FailingSince, (DateTimeOffset?)null)
                .SetProperty(s => s.SlowedDownUntil, (DateTimeOffset?)null)
                .SetProperty(s => s.Circuit, EndpointCircuit.Closed)
                .SetProperty(s => s.CircuitChangedAt, (DateTimeOffset?)null)
                .SetProperty(s => s.WindowStartedAt, (DateTimeOffset?)null)
                .SetProperty(s => s.WindowAttempts, 0)
                .SetProperty(s => s.WindowFailures, 0)
                .SetProperty(s => s.IsFailing, false),
            cancellationToken);

    private static Task<int> SetStatusAsync(
        IQueryable<EndpointStateEntity> states,
        EndpointStatus status,
        EndpointStatusReason reason,
        CancellationToken cancellationToken) =>
        states.ExecuteUpdateAsync(
            state => state.SetProperty(s => s.Status, status).SetProperty(s => s.StatusReason, reason), cancellationToken);

    private enum Declared
    {
        UnderLock,
        WithoutLock,
    }
}
