using Microsoft.EntityFrameworkCore;
using WebhookKit.Deliveries;
using WebhookKit.Endpoints;
using WebhookKit.EntityFrameworkCore.Dialects;
using WebhookKit.EntityFrameworkCore.Endpoints;

namespace WebhookKit.EntityFrameworkCore.Deliveries;

/// <summary>
/// Writes what leases came to: in one statement where endpoints go on being well, and otherwise in a transaction in which
/// the state of the endpoint is read, changed, written, and told of.
/// </summary>
internal sealed class PostgreSqlOutcomes(StoreDatabase database, DatabaseClock clock, LeaseFloors floors)
{
    // A dispatcher that completes so many at once will soon complete more.
    private const int ManyCompletions = 100;

    public async Task<IReadOnlyList<DeliveryId>> WriteAsync(
        IReadOnlyList<DeliveryCompletion> completions,
        IReadOnlyList<EndpointHealth> health,
        OperationalPlanner? planner,
        CancellationToken cancellationToken)
    {
        // What changes nothing but the time of an endpoint's last success is one statement.
        var apart = health.Where(change => change.Failures > 0 || change.SlowDownFor is not null || change.DisableBecause is not null)
            .Select(change => change.EndpointId).ToHashSet();
        if (planner is not null)
        {
            apart.UnionWith(completions
                .Where(completion => completion.Status == DeliveryStatus.DeadLettered)
                .Select(completion => completion.Delivery.EndpointId));
        }

        var owned = new HashSet<(DeliveryId, LeaseId)>();
        List<(EndpointId EndpointId, DateTimeOffset DueAt)> promoted = [];
        DeliveryCompletion[] calm = apart.Count == 0
            ? [.. completions]
            : [.. completions.Where(completion => !apart.Contains(completion.Delivery.EndpointId))];
        if (calm.Length > 0)
        {
            EndpointId[] succeeded = [.. health.Select(change => change.EndpointId).Where(id => !apart.Contains(id))];
            var lines = OrderingLine.LeftBy(calm);
            apart.UnionWith(lines.Length == 0
                ? await database.RunStatementAsync(
                    (context, token) => WriteOwnedAsync(context, calm, succeeded, owned, token),
                    cancellationToken,
                    _ => completions.Count >= ManyCompletions).ConfigureAwait(false)
                : await database.WriteAsync(
                    async (context, token) =>
                    {
                        // What an earlier run of the transaction held was rolled back with it.
                        owned.Clear();
                        var restless = await WriteOwnedAsync(context, calm, succeeded, owned, token).ConfigureAwait(false);
                        promoted = await PostgreSqlDeliveryStatements.PromoteLinesAsync(context, lines, token).ConfigureAwait(false);
                        return restless;
                    },
                    cancellationToken).ConfigureAwait(false));
            MakeRoom(promoted);
        }

        DeliveryCompletion[] others = apart.Count == 0
            ? []
            : [.. completions.Where(completion => apart.Contains(completion.Delivery.EndpointId))];
        if (others.Length > 0)
        {
            (var held, promoted) = await database.WriteAsync(
                (context, now, token) => WriteApartAsync(context, others, health, planner, now, token), cancellationToken)
                .ConfigureAwait(false);
            owned.UnionWith(held);
            MakeRoom(promoted);
        }

        var late = completions.Where(completion => !owned.Contains((completion.Delivery.Id, completion.Delivery.LeaseId))).ToList();
        if (late.Count > 0)
        {
            // On its own: should it fail, the batch comes again and finds what is written.
            await database.WriteAsync(async (context, token) =>
            {
                await PortableCompletion.WriteLateAsync(context, late, token).ConfigureAwait(false);
                return true;
            }, cancellationToken).ConfigureAwait(false);
        }

        return late.ConvertAll(completion => completion.Delivery.Id);
    }

    // Only now that others can see it: a lease that began before raises the floor above what it did not see.
    private void MakeRoom(List<(EndpointId EndpointId, DateTimeOffset DueAt)> promoted) =>
        promoted.ForEach(first => floors.Lower(first.EndpointId, first.DueAt));

    /// <returns>What held its lease and what was promoted, of this run of the transaction alone.</returns>
    private async Task<(HashSet<(DeliveryId, LeaseId)> Owned, List<(EndpointId, DateTimeOffset)> Promoted)> WriteApartAsync(
        DbContext context,
        IReadOnlyList<DeliveryCompletion> completions,
        IReadOnlyList<EndpointHealth> health,
        OperationalPlanner? planner,
        DateTimeOffset now,
        CancellationToken cancellationToken)
    {
        var owned = new HashSet<(DeliveryId, LeaseId)>();
        await WriteOwnedAsync(context, completions, [], owned, cancellationToken).ConfigureAwait(false);
        DeliveryCompletion[] written = [.. completions.Where(completion => owned.Contains((completion.Delivery.Id, completion.Delivery.LeaseId)))];
        var promoted = await PostgreSqlDeliveryStatements.PromoteLinesAsync(
            context, OrderingLine.LeftBy(written), cancellationToken).ConfigureAwait(false);
        var touched = written.Select(completion => completion.Delivery.EndpointId).ToHashSet();
        EndpointHealth[] changes = [.. health.Where(change => touched.Contains(change.EndpointId))];
        var states = changes.Length == 0 ? [] : await PostgreSqlEndpointStates.LockAsync(
            context, [.. changes.Select(change => change.EndpointId)], waits: true, cancellationToken).ConfigureAwait(false);
        var changed = new List<EndpointStateEntity>();
        var transitions = CompletionNews.Apply(states, changes, now, changed);
        await PostgreSqlEndpointStates.WriteAsync(context, changed, cancellationToken).ConfigureAwait(false);
        await CompletionNews.TellAsync(context, planner, transitions, written, cancellationToken).ConfigureAwait(false);
        return (owned, promoted);
    }

    /// <param name="context">The context, whose transaction it is part of.</param>
    /// <param name="completions">What leases came to.</param>
    /// <param name="succeeded">Endpoints that succeeded, if nothing more is to be said of them.</param>
    /// <param name="owned">Gets what held its lease.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>Endpoints of which nothing was written, because their success means more.</returns>
    private async Task<List<EndpointId>> WriteOwnedAsync(
        DbContext context,
        IReadOnlyList<DeliveryCompletion> completions,
        IReadOnlyList<EndpointId> succeeded,
        HashSet<(DeliveryId, LeaseId)> owned,
        CancellationToken cancellationToken)
    {
        var rows = await PostgreSqlCompletion.CreateCommand(context, completions, succeeded, clock.Offset)
            .ReadRowsAsync(reader => (Id: reader.GetGuid(0), Lease: reader.GetGuid(1), IsRestless: reader.GetBoolean(2)), cancellationToken)
            .ConfigureAwait(false);
        owned.UnionWith(rows.Where(row => !row.IsRestless).Select(row => (new DeliveryId(row.Id), new LeaseId(row.Lease))));
        return [.. rows.Where(row => row.IsRestless).Select(row => new EndpointId(row.Id))];
    }
}
