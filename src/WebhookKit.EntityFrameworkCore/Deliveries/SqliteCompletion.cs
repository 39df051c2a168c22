using System.Text;
using WebhookKit.Deliveries;
using WebhookKit.Endpoints;
using WebhookKit.EntityFrameworkCore.Dialects;
using WebhookKit.EntityFrameworkCore.Endpoints;

namespace WebhookKit.EntityFrameworkCore.Deliveries;

/// <summary>Writes outcomes, a statement for many rows: status, attempts, and at last the health of their endpoints.</summary>
/// <remarks>
/// Rows are looked up by subqueries or from <c>UPDATE … FROM</c>: from a join or a list SQLite would read the whole
/// table first where it has statistics from a time when that was small.
/// </remarks>
internal static class SqliteCompletion
{
    internal static readonly SqlTemplate Complete = new($$"""
        {{PackedRows.Numbered}}
        UPDATE {Delivery} AS d SET
          {Delivery.Status} = o.status, {Delivery.Reason} = o.reason, {Delivery.DueAt} = o.due_at,
          {Delivery.NextAttemptAt} = CASE WHEN o.status = 0 THEN o.due_at END,
          {Delivery.Attempts} = d.{Delivery.Attempts} + o.made,
          {Delivery.IsRetry} = MAX(d.{Delivery.IsRetry}, o.made),
          {Delivery.Leases} = 0, {Delivery.LeaseId} = NULL,
          {Delivery.OrderingKey} = CASE WHEN o.passes THEN NULL ELSE d.{Delivery.OrderingKey} END
        FROM (
          SELECT {{PackedRows.Id("@id")}} AS id, {{PackedRows.Id("@lease")}} AS lease, {{PackedRows.Number("@status")}} AS status,
            {{PackedRows.Number("@reason")}} AS reason, {{PackedRows.Number("@due_at")}} AS due_at,
            {{PackedRows.Number("@made")}} AS made, {{PackedRows.Number("@passes")}} AS passes
          FROM packed) o
        WHERE d.{Delivery.Id} = o.id AND d.{Delivery.LeaseId} = o.lease
        RETURNING {Delivery.Id}, {Delivery.Attempts}
        """);

    // An attempt that was in flight while its message was erased brings no content back.
    internal static readonly SqlTemplate Record = new($$"""
        {{PackedRows.Numbered}}
        INSERT INTO {Attempt} ({Attempt.Id}, {Attempt.DeliveryId}, {Attempt.Number}, {Attempt.StartedAt}, {Attempt.Duration},
          {Attempt.Outcome}, {Attempt.StatusCode}, {Attempt.Response}, {Attempt.Error}, {Attempt.IsLate})
        SELECT o.id, o.delivery_id, NULLIF(o.number, 0), o.started_at, o.duration, o.outcome, NULLIF(o.code, 0),
          CASE WHEN o.kept THEN o.response ELSE x'' END, CASE WHEN o.kept THEN CAST(o.error AS TEXT) END, o.number = 0
        FROM (
          SELECT {{PackedRows.Id("@attempt")}} AS id, {{PackedRows.Id("@id")}} AS delivery_id,
            {{PackedRows.Number("@number")}} AS number,
            {{PackedRows.Number("@started_at")}} AS started_at, {{PackedRows.Number("@duration")}} AS duration,
            {{PackedRows.Number("@outcome")}} AS outcome, {{PackedRows.Number("@code")}} AS code,
            {{PackedBytes.Value("@response")}} AS response, {{PackedBytes.Value("@error")}} AS error,
            {{PackedRows.Number("@number")}} > 0 OR NOT EXISTS (
              SELECT 1 FROM {Message} m
              WHERE m.{Message.Id} = {{PackedRows.Id("@message")}} AND m.{Message.ErasedAt} IS NOT NULL) AS kept
          FROM packed) o
        WHERE o.number > 0 OR EXISTS (SELECT 1 FROM {Delivery} d WHERE d.{Delivery.Id} = o.delivery_id)
        ON CONFLICT DO NOTHING
        """);

    /// <returns>The deliveries whose lease had passed on, or that are gone.</returns>
    public static async Task<IReadOnlyList<DeliveryId>> WriteAsync(
        RowCommands commands,
        IReadOnlyList<EndpointOutcomes> outcomes,
        OperationalPlanner? planner,
        DateTimeOffset now,
        CancellationToken cancellationToken)
    {
        var rows = WriteStatus(commands, [.. outcomes.SelectMany(ofEndpoint => ofEndpoint.Completions)], now);
        var owned = rows.FindAll(row => !row.IsLate);
        var attempted = rows.FindAll(row => row.Completion.Attempt is not null);
        if (attempted.Count > 0)
        {
            WriteAttempts(commands, attempted);
        }

        SqliteDeliveryStatements.PromoteLines(commands, OrderingLine.LeftBy(owned.Select(row => row.Completion)));
        var touched = owned.Select(row => row.Completion.Delivery.EndpointId).ToHashSet();
        var transitions = WriteHealth(
            commands, [.. outcomes.SelectMany(ofEndpoint => ofEndpoint.Health).Where(change => touched.Contains(change.EndpointId))], now);
        await CompletionNews.TellAsync(
            commands.Context, planner, transitions, owned.Select(row => row.Completion), cancellationToken).ConfigureAwait(false);
        return [.. rows.Where(row => row.IsLate).Select(row => row.Completion.Delivery.Id)];
    }

    private static List<Row> WriteStatus(RowCommands commands, List<DeliveryCompletion> completions, DateTimeOffset now)
    {
        // SQLite answers with the row as it became, which no longer says to which of two leases it belonged.
        var seen = new HashSet<DeliveryId>(completions.Count);
        var byFirst = completions.ToLookup(completion => seen.Add(completion.Delivery.Id));
        if (byFirst[false].Any())
        {
            return [.. WriteStatus(commands, [.. byFirst[true]], now), .. WriteStatus(commands, [.. byFirst[false]], now)];
        }

        var attempts = commands.Read(
            Complete,
            reader => (Id: new DeliveryId(reader.GetStoredId(0)), Attempts: reader.GetInt32(1)),
            ("@count", completions.Count),
            ("@id", PackedRows.Ids(completions, completion => completion.Delivery.Id.Value)),
            ("@lease", PackedRows.Ids(completions, completion => completion.Delivery.LeaseId.Value)),
            ("@status", PackedRows.Numbers(completions, completion => (int)completion.Status)),
            ("@reason", PackedRows.Numbers(completions, completion => (int)completion.Reason)),
            ("@due_at", PackedRows.Numbers(completions, completion =>
                (completion.Status == DeliveryStatus.Pending ? now + completion.NextAttemptIn : now).Stored())),
            ("@made", PackedRows.Numbers(completions, completion => completion.Attempt is null ? 0 : 1)),
            ("@passes", PackedRows.Numbers(completions, completion => completion.LetsNextPass ? 1 : 0)))
            .ToDictionary(row => row.Id, row => row.Attempts);
        return completions.ConvertAll(completion => new Row(
            completion, attempts.TryGetValue(completion.Delivery.Id, out var made) ? made : null));
    }

    private static void WriteAttempts(RowCommands commands, List<Row> rows)
    {
        var responses = PackedBytes.Of(rows, row => row.Completion.Attempt!.Response);
        var errors = PackedBytes.Of(rows, row =>
            row.Completion.Attempt!.Error is { } error ? Encoding.UTF8.GetBytes(error) : (ReadOnlyMemory<byte>?)null);
        commands.Run(
            Record,
            ("@count", rows.Count),
            ("@attempt", PackedRows.Ids(rows, row => row.Completion.Attempt!.Id.Value)),
            ("@id", PackedRows.Ids(rows, row => row.Completion.Delivery.Id.Value)),
            ("@message", PackedRows.Ids(rows, row => row.Completion.Delivery.MessageId.Value)),
            ("@number", PackedRows.Numbers(rows, row => row.Attempts ?? 0)),
            ("@started_at", PackedRows.Numbers(rows, row => row.Completion.Attempt!.StartedAt.Stored())),
            ("@duration", PackedRows.Numbers(rows, row => row.Completion.Attempt!.Duration.Stored())),
            ("@outcome", PackedRows.Numbers(rows, row => (int)row.Completion.Attempt!.Outcome)),
            ("@code", PackedRows.Numbers(rows, row => row.Completion.Attempt!.StatusCode ?? 0)),
            ("@response", responses.Content),
            ("@response_start", responses.Starts),
            ("@response_length", responses.Lengths),
            ("@error", errors.Content),
            ("@error_start", errors.Starts),
            ("@error_length", errors.Lengths));
    }

    private static List<EndpointTransition> WriteHealth(RowCommands commands, IReadOnlyList<EndpointHealth> health, DateTimeOffset now)
    {
        if (health.Count == 0)
        {
            return [];
        }

        var states = SqliteEndpointStates.ReadRestless(commands, health, now);
        var quiet = states.Where(state => EndpointHealthRules.IsQuiet(state.ToState())).Select(state => state.EndpointId).ToHashSet();
        var changed = new List<EndpointStateEntity>();
        var transitions = CompletionNews.Apply(states, health, now, changed);
        var succeeded = changed.FindAll(state => quiet.Contains(state.EndpointId) && IsQuietSuccess(state));
        if (succeeded.Count > 0)
        {
            SqliteEndpointStates.WriteSuccess(commands, succeeded, now);
        }

        foreach (var state in changed.Except(succeeded))
        {
            SqliteEndpointStates.Write(commands, state);
        }

        return transitions;

        bool IsQuietSuccess(EndpointStateEntity state) => state.LastSuccessAt == now && EndpointHealthRules.IsQuiet(state.ToState())
            && health.First(change => change.EndpointId == state.EndpointId) is { Failures: 0, SlowDownFor: null, DisableBecause: null };
    }

    /// <param name="Completion">What a lease came to.</param>
    /// <param name="Attempts">How many attempts the delivery has had, this one included, if it still belonged to the lease.</param>
    private sealed record Row(DeliveryCompletion Completion, int? Attempts)
    {
        public bool IsLate => Attempts is null;
    }
}
