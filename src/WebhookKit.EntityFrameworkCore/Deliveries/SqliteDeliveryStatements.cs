using Microsoft.EntityFrameworkCore;
using WebhookKit.Deliveries;
using WebhookKit.Endpoints;
using WebhookKit.EntityFrameworkCore.Dialects;
using WebhookKit.EntityFrameworkCore.Endpoints;

namespace WebhookKit.EntityFrameworkCore.Deliveries;

/// <summary>The statements of dispatch for SQLite: prepared ones, in turns short enough for the host beside them.</summary>
internal sealed class SqliteDeliveryStatements(StoreDatabase database, DatabaseClock clock) : IDeliveryStatements
{
    // A loose index scan: from each endpoint it jumps to the next, past however many rows. Status is a literal, so that
    // the partial index applies; the lanes of an endpoint are two neighbours in that index.
    internal static readonly SqlTemplate Sweep = new("""
        WITH RECURSIVE found (endpoint_id, n) AS (
          SELECT (
            SELECT d.{Delivery.EndpointId} FROM {Delivery} d
            WHERE d.{Delivery.Status} = 0 AND d.{Delivery.EndpointId} > @after
            ORDER BY d.{Delivery.EndpointId} LIMIT 1), 1
          UNION ALL
          SELECT (
            SELECT d.{Delivery.EndpointId} FROM {Delivery} d
            WHERE d.{Delivery.Status} = 0 AND d.{Delivery.EndpointId} > found.endpoint_id
            ORDER BY d.{Delivery.EndpointId} LIMIT 1), found.n + 1
          FROM found WHERE found.endpoint_id IS NOT NULL AND found.n < @max)
        SELECT found.endpoint_id,
          (SELECT d.{Delivery.DueAt} FROM {Delivery} d
            WHERE d.{Delivery.EndpointId} = found.endpoint_id AND d.{Delivery.IsRetry} = 0 AND d.{Delivery.Status} = 0
            ORDER BY d.{Delivery.DueAt} LIMIT 1),
          (SELECT d.{Delivery.DueAt} FROM {Delivery} d
            WHERE d.{Delivery.EndpointId} = found.endpoint_id AND d.{Delivery.IsRetry} = 1 AND d.{Delivery.Status} = 0
            ORDER BY d.{Delivery.DueAt} LIMIT 1),
          s.{EndpointState.Status}, s.{EndpointState.SlowedDownUntil}
        FROM found LEFT JOIN {EndpointState} s ON s.{EndpointState.EndpointId} = found.endpoint_id
        WHERE found.endpoint_id IS NOT NULL
        """);

    internal static readonly SqlTemplate Lease = new("""
        UPDATE {Delivery} SET
          {Delivery.LeaseId} = @lease, {Delivery.DueAt} = @lease_end, {Delivery.Leases} = {Delivery.Leases} + 1
        WHERE rowid IN (
            SELECT row_id FROM (
              SELECT * FROM (
                SELECT d.rowid AS row_id, d.{Delivery.DueAt} AS due_at FROM {Delivery} d
                WHERE d.{Delivery.EndpointId} = @endpoint AND d.{Delivery.IsRetry} = 0 AND d.{Delivery.Status} = 0
                  AND d.{Delivery.DueAt} <= @now
                ORDER BY d.{Delivery.DueAt} LIMIT @budget)
              UNION ALL
              SELECT * FROM (
                SELECT d.rowid AS row_id, d.{Delivery.DueAt} AS due_at FROM {Delivery} d
                WHERE d.{Delivery.EndpointId} = @endpoint AND d.{Delivery.IsRetry} = 1 AND d.{Delivery.Status} = 0
                  AND d.{Delivery.DueAt} <= @now
                ORDER BY d.{Delivery.DueAt} LIMIT @retries))
            ORDER BY due_at LIMIT @budget)
          AND EXISTS (
            SELECT 1 FROM {EndpointState} s WHERE s.{EndpointState.EndpointId} = @endpoint AND s.{EndpointState.Status} = 0
              AND (s.{EndpointState.SlowedDownUntil} IS NULL OR s.{EndpointState.SlowedDownUntil} <= @now)
              AND (@metered OR (s.{EndpointState.Circuit} = 0 AND s.{EndpointState.RateRequests} IS NULL)))
        RETURNING {Delivery.Id}, {Delivery.MessageId}, {Delivery.Attempts}, {Delivery.Leases}, {Delivery.OrderingKey},
          {Delivery.NextAttemptAt}, {Delivery.PayloadFormat}
        """);

    internal static readonly SqlTemplate Promote = new("""
        UPDATE {Delivery} SET {Delivery.DueAt} = {Delivery.NextAttemptAt}
        WHERE rowid = (
            SELECT d.rowid FROM {Delivery} d
            WHERE d.{Delivery.EndpointId} = @endpoint AND d.{Delivery.OrderingKey} = @key
              AND d.{Delivery.OrderingKey} IS NOT NULL AND d.{Delivery.Status} = 0
            ORDER BY d.{Delivery.Sequence} LIMIT 1)
          AND {Delivery.DueAt} = @never
        """);

    public async Task<IReadOnlyList<DueEndpoint>> SweepAsync(
        EndpointId? after, int maxEndpoints, CancellationToken cancellationToken)
    {
        var found = new List<DueEndpoint>();
        var cursor = after ?? default;
        while (true)
        {
            var missing = maxEndpoints - found.Count;
            var now = DateTimeOffset.MinValue;
            var page = await database.ReadAsync(async context =>
            {
                now = await clock.GetUtcNowAsync(context, cancellationToken).ConfigureAwait(false);
                await context.Database.OpenConnectionAsync(cancellationToken).ConfigureAwait(false);
                using var commands = new RowCommands(context);
                return commands.Read(
                    Sweep,
                    reader => (
                        Id: new EndpointId(reader.GetStoredId(0)),
                        First: reader.GetStoredInstantOrNull(1) ?? DateTimeOffset.MaxValue,
                        Retry: reader.GetStoredInstantOrNull(2) ?? DateTimeOffset.MaxValue,
                        Status: (EndpointStatus?)reader.GetNullable<int>(3) ?? EndpointStatus.Disabled,
                        SlowedDownUntil: reader.GetStoredInstantOrNull(4)),
                    ("@after", cursor.Value.Stored()), ("@max", missing));
            }).ConfigureAwait(false);
            foreach (var row in page)
            {
                if (row.Status != EndpointStatus.Paused)
                {
                    var due = row.First < row.Retry ? row.First : row.Retry;
                    found.Add(new DueEndpoint(row.Id, (row.SlowedDownUntil > due ? row.SlowedDownUntil.Value : due) - now, row.Status));
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
        var leased = new List<(List<(LeasedDelivery Delivery, DateTimeOffset NextAttemptAt)> Rows, long ToldAt)>();
        try
        {
            await database.WriteInTurnsAsync(
                TurnParts.Split(budgets, budget => budget.Deliveries),
                (commands, now, part, _) =>
                {
                    var toldAt = TimeProvider.System.GetTimestamp();
                    return Task.FromResult((part.SelectMany(budget => LeaseOf(commands, now, budget)).ToList(), toldAt));
                },
                leased,
                cancellationToken).ConfigureAwait(false);
        }
        catch when (leased.Exists(part => part.Rows.Count > 0))
        {
            // What is leased already would otherwise wait for its lease to end; what is wrong shows again at the next call.
        }

        return
        [
            .. from part in leased
               let passed = TimeProvider.System.GetElapsedTime(part.ToldAt)
               from row in part.Rows
               orderby row.NextAttemptAt, row.Delivery.Id
               select row.Delivery.After(passed),
        ];

        List<(LeasedDelivery Delivery, DateTimeOffset NextAttemptAt)> LeaseOf(RowCommands commands, DateTimeOffset now, LeaseBudget budget) =>
            Lease(commands, now, budget, metered: false) is { Count: > 0 } leased ? leased : LeaseMetered(commands, now, budget);

        // What gave nothing may be bounded by its rate or its circuit.
        List<(LeasedDelivery Delivery, DateTimeOffset NextAttemptAt)> LeaseMetered(RowCommands commands, DateTimeOffset now, LeaseBudget budget)
        {
            if (SqliteEndpointStates.Read(commands, budget.EndpointId) is not { } state
                || !EndpointMeter.IsMetered(state.ToState(), state.GetRate())
                || EndpointGrants.Of([state], [budget], now, leaseDuration) is not { Budgets: [var granted] } grants)
            {
                return [];
            }

            var rows = Lease(commands, now, granted, metered: true);
            rows.Sort(static (one, other) => (one.NextAttemptAt, one.Delivery.Id).CompareTo((other.NextAttemptAt, other.Delivery.Id)));
            var spaced = grants.Charge(rows.ConvertAll(row => row.Delivery), out var charged);
            charged.ForEach(row => SqliteEndpointStates.Write(commands, row));
            return [.. rows.Zip(spaced, (row, delivery) => (delivery, row.NextAttemptAt))];
        }

        List<(LeasedDelivery Delivery, DateTimeOffset NextAttemptAt)> Lease(
            RowCommands commands, DateTimeOffset now, LeaseBudget budget, bool metered) =>
            commands.Read(
                SqliteDeliveryStatements.Lease,
                reader => (
                    new LeasedDelivery(
                        new DeliveryId(reader.GetStoredId(0)),
                        new MessageId(reader.GetStoredId(1)),
                        budget.EndpointId,
                        leaseId,
                        reader.GetInt32(2),
                        reader.GetInt32(3),
                        reader.GetNullableString(4),
                        PayloadFormat: reader.GetNullableString(6)),
                    reader.GetStoredInstant(5)),
                ("@endpoint", budget.EndpointId.Value.Stored()),
                ("@budget", budget.Deliveries),
                ("@retries", Math.Min(budget.Retries, budget.Deliveries)),
                ("@lease", leaseId.Value.Stored()),
                ("@lease_end", (now + leaseDuration).Stored()),
                ("@now", now.Stored()),
                ("@metered", metered ? 1 : 0));
    }

    public async Task<IReadOnlyList<DeliveryId>> CompleteAsync(
        IReadOnlyList<DeliveryCompletion> completions,
        IReadOnlyList<EndpointHealth> health,
        OperationalPlanner? planner,
        CancellationToken cancellationToken)
    {
        // The outcomes of an endpoint stay together with what they say about its health.
        var ofEndpoint = health.ToLookup(change => change.EndpointId);
        var endpoints = completions
            .GroupBy(completion => completion.Delivery.EndpointId)
            .Select(outcomes => new EndpointOutcomes([.. outcomes], [.. ofEndpoint[outcomes.Key]]));
        var late = new List<IReadOnlyList<DeliveryId>>();
        await database.WriteInTurnsAsync(
            TurnParts.Split(endpoints, outcomes => outcomes.Completions.Count),
            (commands, now, part, token) => SqliteCompletion.WriteAsync(commands, part, planner, now, token),
            late,
            cancellationToken).ConfigureAwait(false);
        return [.. late.SelectMany(part => part)];
    }

    public Task InsertAsync(DbContext context, IReadOnlyList<DeliveryEntity> rows, CancellationToken cancellationToken)
    {
        using var commands = new RowCommands(context);
        SqliteNewDeliveries.Insert(commands, rows);
        return Task.CompletedTask;
    }

    public async Task PromoteAsync(DbContext context, IReadOnlyCollection<OrderingLine> lines, CancellationToken cancellationToken)
    {
        if (lines.Count > 0)
        {
            using var commands = new RowCommands(context);
            PromoteLines(commands, lines);
        }

        await Task.CompletedTask.ConfigureAwait(false);
    }

    internal static void PromoteLines(RowCommands commands, IEnumerable<OrderingLine> lines)
    {
        foreach (var line in lines)
        {
            commands.Run(
                Promote,
                ("@endpoint", line.EndpointId.Value.Stored()), ("@key", line.Key), ("@never", DeliveryEntity.Never.Stored()));
        }
    }
}
