using System.Data.Common;
using Microsoft.EntityFrameworkCore;
using WebhookKit.Deliveries;
using WebhookKit.Endpoints;
using WebhookKit.EntityFrameworkCore.Dialects;
using WebhookKit.EntityFrameworkCore.Endpoints;

namespace WebhookKit.EntityFrameworkCore.Deliveries;

/// <summary>The statements of dispatch for PostgreSQL: one for each step, whatever the batch, and none waits for another node.</summary>
internal sealed class PostgreSqlDeliveryStatements(StoreDatabase database, DatabaseClock clock, LeaseFloors floors) : IDeliveryStatements
{
    // A loose index scan: from each endpoint it jumps to the next, past however many rows. Status is a literal, so that
    // the partial index is certain to apply; the lanes of an endpoint are two neighbours in that index.
    private static readonly SqlTemplate Sweep = new("""
        WITH RECURSIVE found (endpoint_id, n) AS (
          (SELECT {Delivery.EndpointId}, 1 FROM {Delivery}
            WHERE {Delivery.Status} = 0 AND {Delivery.EndpointId} > @after
            ORDER BY {Delivery.EndpointId}, {Delivery.IsRetry}, {Delivery.DueAt} LIMIT 1)
          UNION ALL
          SELECT next.endpoint_id, found.n + 1 FROM found CROSS JOIN LATERAL (
            SELECT d.{Delivery.EndpointId} AS endpoint_id FROM {Delivery} d
            WHERE d.{Delivery.Status} = 0 AND d.{Delivery.EndpointId} > found.endpoint_id
            ORDER BY d.{Delivery.EndpointId}, d.{Delivery.IsRetry}, d.{Delivery.DueAt} LIMIT 1) next
          WHERE found.n < @max)
        SELECT found.endpoint_id, LEAST(first.due_at, retry.due_at), s.{EndpointState.Status},
          s.{EndpointState.SlowedDownUntil}, now() + @offset
        FROM found
        LEFT JOIN {EndpointState} s ON s.{EndpointState.EndpointId} = found.endpoint_id
        LEFT JOIN LATERAL (
          SELECT d.{Delivery.DueAt} AS due_at FROM {Delivery} d
          WHERE d.{Delivery.EndpointId} = found.endpoint_id AND NOT d.{Delivery.IsRetry} AND d.{Delivery.Status} = 0
          ORDER BY d.{Delivery.DueAt} LIMIT 1) first ON true
        LEFT JOIN LATERAL (
          SELECT d.{Delivery.DueAt} AS due_at FROM {Delivery} d
          WHERE d.{Delivery.EndpointId} = found.endpoint_id AND d.{Delivery.IsRetry} AND d.{Delivery.Status} = 0
          ORDER BY d.{Delivery.DueAt} LIMIT 1) retry ON true
        ORDER BY found.endpoint_id
        """);

    // Endpoints whose rate or circuit bounds them are only named: they are leased from under a lock of their state. The
    // lower bound on the due time skips entries of rows already leased, which an old snapshot keeps in the index.
    private static readonly SqlTemplate Lease = new("""
        WITH asked AS (
          SELECT * FROM unnest(@endpoints, @budgets, @retries, @first_since, @retry_since)
            AS a (endpoint_id, budget, retries, first_since, retry_since)),
        open AS (
          SELECT asked.*, s.{EndpointState.Circuit} <> 0 OR s.{EndpointState.RateRequests} IS NOT NULL AS is_metered
          FROM asked JOIN {EndpointState} s ON s.{EndpointState.EndpointId} = asked.endpoint_id
          WHERE s.{EndpointState.Status} = 0
            AND (s.{EndpointState.SlowedDownUntil} IS NULL OR s.{EndpointState.SlowedDownUntil} <= now() + @offset)),
        due AS (
          SELECT oldest.row_id FROM open CROSS JOIN LATERAL (
            SELECT row_id FROM (
              SELECT * FROM (
                SELECT d.ctid AS row_id, d.{Delivery.DueAt} AS due_at FROM {Delivery} d
                WHERE d.{Delivery.EndpointId} = open.endpoint_id AND NOT d.{Delivery.IsRetry} AND d.{Delivery.Status} = 0
                  AND d.{Delivery.DueAt} <= now() + @offset AND d.{Delivery.DueAt} >= open.first_since
                ORDER BY d.{Delivery.DueAt} LIMIT open.budget FOR UPDATE SKIP LOCKED) first
              UNION ALL
              SELECT * FROM (
                SELECT d.ctid AS row_id, d.{Delivery.DueAt} AS due_at FROM {Delivery} d
                WHERE d.{Delivery.EndpointId} = open.endpoint_id AND d.{Delivery.IsRetry} AND d.{Delivery.Status} = 0
                  AND d.{Delivery.DueAt} <= now() + @offset AND d.{Delivery.DueAt} >= open.retry_since
                ORDER BY d.{Delivery.DueAt} LIMIT open.retries FOR UPDATE SKIP LOCKED) retry) lanes
            ORDER BY due_at LIMIT open.budget) oldest
          WHERE open.is_metered = @metered),
        leased AS (
          UPDATE {Delivery} SET
            {Delivery.LeaseId} = @lease, {Delivery.DueAt} = now() + @offset + @duration, {Delivery.Leases} = {Delivery.Leases} + 1
          WHERE ctid = ANY(ARRAY(SELECT row_id FROM due))
          RETURNING {Delivery.Id}, {Delivery.MessageId}, {Delivery.EndpointId}, {Delivery.Attempts}, {Delivery.Leases},
            {Delivery.OrderingKey}, {Delivery.NextAttemptAt}, {Delivery.PayloadFormat})
        SELECT * FROM leased
        UNION ALL SELECT NULL, NULL, endpoint_id, 0, 0, NULL, NULL, NULL FROM open WHERE is_metered AND NOT @metered
        """);

    // The first delivery of each line is locked, so that two transactions which change the line follow each other: the
    // later one then sees the row that the earlier one left first.
    private static readonly SqlTemplate Promote = new("""
        WITH first AS (
          SELECT d.id FROM unnest(@endpoints, @keys) AS line (endpoint_id, ordering_key) CROSS JOIN LATERAL (
            SELECT d.{Delivery.Id} AS id FROM {Delivery} d
            WHERE d.{Delivery.EndpointId} = line.endpoint_id AND d.{Delivery.OrderingKey} = line.ordering_key
              AND d.{Delivery.OrderingKey} IS NOT NULL AND d.{Delivery.Status} = 0
            ORDER BY d.{Delivery.Sequence} LIMIT 1 FOR UPDATE) d)
        UPDATE {Delivery} d SET {Delivery.DueAt} = d.{Delivery.NextAttemptAt}
        FROM first WHERE d.{Delivery.Id} = first.id AND d.{Delivery.DueAt} = @never
        RETURNING d.{Delivery.EndpointId}, d.{Delivery.DueAt}
        """);

    private readonly PostgreSqlOutcomes _outcomes = new(database, clock, floors);

    public static DbCommand CreateSweepCommand(DbContext context, EndpointId after, int maxEndpoints, TimeSpan offset) =>
        context.CreateCommand(Sweep.For(context), ("after", after.Value), ("max", maxEndpoints), ("offset", offset));

    public static DbCommand CreateLeaseCommand(
        DbContext context,
        IReadOnlyList<LeaseBudget> budgets,
        LeaseFloors floors,
        LeaseId leaseId,
        TimeSpan leaseDuration,
        TimeSpan offset,
        bool metered = false)
    {
        LeaseBudget[] asked = [.. budgets.OrderBy(budget => budget.EndpointId)];
        return context.CreateCommand(
            Lease.For(context),
            ("endpoints", Array.ConvertAll(asked, budget => budget.EndpointId.Value)),
            ("budgets", Array.ConvertAll(asked, budget => budget.Deliveries)),
            ("retries", Array.ConvertAll(asked, budget => Math.Min(budget.Retries, budget.Deliveries))),
            ("first_since", Array.ConvertAll(asked, budget => floors.Of(budget.EndpointId, isRetry: false))),
            ("retry_since", Array.ConvertAll(asked, budget => floors.Of(budget.EndpointId, isRetry: true))),
            ("lease", leaseId.Value),
            ("duration", leaseDuration),
            ("metered", metered),
            ("offset", offset));
    }

    public static DbCommand CreatePromoteCommand(DbContext context, IReadOnlyCollection<OrderingLine> lines) =>
        context.CreateCommand(
            Promote.For(context),
            ("endpoints", lines.Select(line => line.EndpointId.Value).ToArray()),
            ("keys", lines.Select(line => line.Key).ToArray()),
            ("never", DeliveryEntity.Never));

    public async Task<IReadOnlyList<DueEndpoint>> SweepAsync(
        EndpointId? after, int maxEndpoints, CancellationToken cancellationToken)
    {
        var found = new List<DueEndpoint>();
        var cursor = after ?? default;
        while (true)
        {
            var missing = maxEndpoints - found.Count;
            var page = await database.RunStatementAsync(
                (context, token) => CreateSweepCommand(context, cursor, missing, clock.Offset)
                    .ReadRowsAsync(
                        reader => (
                            Id: new EndpointId(reader.GetGuid(0)),
                            DueAt: reader.GetFieldValue<DateTimeOffset>(1),
                            Status: (EndpointStatus?)reader.GetNullable<int>(2) ?? EndpointStatus.Disabled,
                            SlowedDownUntil: reader.GetNullable<DateTimeOffset>(3),
                            Now: reader.GetFieldValue<DateTimeOffset>(4)),
                        token),
                cancellationToken).ConfigureAwait(false);
            foreach (var row in page)
            {
                floors.Forget(row.Id);
                if (row.Status != EndpointStatus.Paused)
                {
                    found.Add(new DueEndpoint(
                        row.Id, (row.SlowedDownUntil > row.DueAt ? row.SlowedDownUntil.Value : row.DueAt) - row.Now, row.Status));
                }
            }

            if (page.Count < missing || found.Count == maxEndpoints)
            {
                return found;
            }

            // Paused endpoints took up places of the page: a short answer would mean that none are left.
            cursor = page[^1].Id;
        }
    }

    public async Task<IReadOnlyList<LeasedDelivery>> LeaseAsync(
        IReadOnlyList<LeaseBudget> budgets, LeaseId leaseId, TimeSpan leaseDuration, CancellationToken cancellationToken)
    {
        var beganAt = floors.Lowerings;
        var leased = await database.RunStatementAsync(
            (context, token) => LeaseAsync(context, budgets, leaseId, leaseDuration, metered: false, token), cancellationToken).ConfigureAwait(false);
        var metered = leased.Where(row => row.Delivery is null).Select(row => row.EndpointId).ToHashSet();
        var passed = TimeSpan.Zero;
        if (metered.Count > 0)
        {
            var toldAt = 0L;
            leased.RemoveAll(row => row.Delivery is null);
            leased.AddRange(await database.WriteAsync(
                (context, now, token) =>
                {
                    toldAt = TimeProvider.System.GetTimestamp();
                    return LeaseMeteredAsync(
                        context, [.. budgets.Where(budget => metered.Contains(budget.EndpointId))], leaseId, leaseDuration, now, token);
                },
                cancellationToken).ConfigureAwait(false));
            passed = TimeProvider.System.GetElapsedTime(toldAt);
        }

        leased.Sort(Leased.InOrder);
        foreach (var row in leased)
        {
            floors.Raise(row.EndpointId, row.Delivery!.Attempts > 0, row.NextAttemptAt, beganAt);
        }

        return leased.ConvertAll(row => row.Delivery!.After(passed));
    }

    // Another node that is leasing from the same endpoint just now takes what there is to take: none waits for it.
    private async Task<List<Leased>> LeaseMeteredAsync(
        DbContext context,
        IReadOnlyList<LeaseBudget> budgets,
        LeaseId leaseId,
        TimeSpan leaseDuration,
        DateTimeOffset now,
        CancellationToken cancellationToken)
    {
        var states = await PostgreSqlEndpointStates.LockAsync(
            context, [.. budgets.Select(budget => budget.EndpointId)], waits: false, cancellationToken).ConfigureAwait(false);
        var grants = EndpointGrants.Of(states, budgets, now, leaseDuration);
        if (grants.Budgets.Count == 0)
        {
            return [];
        }

        var leased = await LeaseAsync(context, grants.Budgets, leaseId, leaseDuration, metered: true, cancellationToken).ConfigureAwait(false);
        leased.Sort(Leased.InOrder);
        var spaced = grants.Charge(leased.ConvertAll(row => row.Delivery!), out var charged);
        await PostgreSqlEndpointStates.WriteAsync(context, charged, cancellationToken).ConfigureAwait(false);
        return [.. leased.Zip(spaced, (row, delivery) => row with { Delivery = delivery })];
    }

    private Task<List<Leased>> LeaseAsync(
        DbContext context,
        IReadOnlyList<LeaseBudget> budgets,
        LeaseId leaseId,
        TimeSpan leaseDuration,
        bool metered,
        CancellationToken cancellationToken) =>
        CreateLeaseCommand(context, budgets, floors, leaseId, leaseDuration, clock.Offset, metered)
            .ReadRowsAsync(
                reader =>
                {
                    var endpointId = new EndpointId(reader.GetGuid(2));
                    return reader.IsDBNull(0) ? new Leased(endpointId, null, default) : new Leased(
                        endpointId,
                        new LeasedDelivery(
                            new DeliveryId(reader.GetGuid(0)),
                            new MessageId(reader.GetGuid(1)),
                            endpointId,
                            leaseId,
                            reader.GetInt32(3),
                            reader.GetInt32(4),
                            reader.GetNullableString(5),
                            PayloadFormat: reader.GetNullableString(7)),
                        reader.GetFieldValue<DateTimeOffset>(6));
                },
                cancellationToken);

    public Task<IReadOnlyList<DeliveryId>> CompleteAsync(
        IReadOnlyList<DeliveryCompletion> completions,
        IReadOnlyList<EndpointHealth> health,
        OperationalPlanner? planner,
        CancellationToken cancellationToken) =>
        _outcomes.WriteAsync(completions, health, planner, cancellationToken);

    public Task PromoteAsync(DbContext context, IReadOnlyCollection<OrderingLine> lines, CancellationToken cancellationToken) =>
        PromoteLinesAsync(context, lines, cancellationToken);

    /// <returns>The endpoints and due times of what falls due by it.</returns>
    internal static async Task<List<(EndpointId EndpointId, DateTimeOffset DueAt)>> PromoteLinesAsync(
        DbContext context, IReadOnlyCollection<OrderingLine> lines, CancellationToken cancellationToken) =>
        lines.Count == 0
            ? []
            : await CreatePromoteCommand(context, lines).ReadRowsAsync(
                reader => (new EndpointId(reader.GetGuid(0)), reader.GetFieldValue<DateTimeOffset>(1)), cancellationToken)
                .ConfigureAwait(false);

    /// <param name="EndpointId">The endpoint.</param>
    /// <param name="Delivery">What it gave; <see langword="null"/>: its rate or its circuit bounds it.</param>
    /// <param name="NextAttemptAt">When the delivery was meant to be sent.</param>
    private sealed record Leased(EndpointId EndpointId, LeasedDelivery? Delivery, DateTimeOffset NextAttemptAt)
    {
        public static int InOrder(Leased one, Leased other) =>
            (one.NextAttemptAt, one.Delivery!.Id).CompareTo((other.NextAttemptAt, other.Delivery!.Id));
    }
}
