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
    internal static readonly SqlTemplate FindOwned = new($$"""
        {{PackedRows.Numbered}}
        SELECT n, (
          SELECT d.{Delivery.Attempts} FROM {Delivery} d
          WHERE d.{Delivery.Id} = {{PackedRows.Id("@id")}} AND d.{Delivery.LeaseId} = {{PackedRows.Id("@lease")}})
        FROM packed
        """);

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
          SELECT {{PackedRows.Id("@id")}} AS id, {{PackedRows.Number("@status")}} AS status,
            {{PackedRows.Number("@reason")}} AS reason, {{PackedRows.Number("@due_at")}} AS due_at,
            {{PackedRows.Number("@made")}} AS made, {{PackedRows.Number("@passes")}} AS passes
          FROM packed) o
        WHERE d.{Delivery.Id} = o.id
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
        var all = ReadOwned(commands, [.. outcomes.SelectMany(ofEndpoint => ofEndpoint.Completions)]);
        var owned = all.FindAll(row => !row.IsLate);
        if (owned.Count > 0)
        {
            WriteStatus(commands, owned, now);
        }

        var attempted = all.FindAll(row => row.Completion.Attempt is not null);
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
        return [.. all.Where(row => row.IsLate).Select(row => row.Completion.Delivery.Id)];
    }

    private static List<Row> ReadOwned(RowCommands commands, DeliveryCompletion[] completions) => commands.Read(
        FindOwned,
        reader => new Row(completions[reader.GetInt32(0)], reader.GetNullable<int>(1)),
        ("@count", completions.Length),
        ("@id", PackedRows.Ids(completions, completion => completion.Delivery.Id.Value)),
        ("@lease", PackedRows.Ids(completions, completion => completion.Delivery.LeaseId.Value)));

    private static void WriteStatus(RowCommands commands, List<Row> rows, DateTimeOffset now) => commands.Run(
        Complete,
        ("@count", rows.Count),
        ("@id", PackedRows.Ids(rows, row => row.Completion.Delivery.Id.Value)),
        ("@status", PackedRows.Numbers(rows, row => (int)row.Completion.Status)),
        ("@reason", PackedRows.Numbers(rows, row => (int)row.Completion.Reason)),
        ("@due_at", PackedRows.Numbers(rows, row =>
            (row.Completion.Status == DeliveryStatus.Pending ? now + row.Completion.NextAttemptIn : now).Stored())),
        ("@made", PackedRows.Numbers(rows, row => row.Completion.Attempt is null ? 0 : 1)),
        ("@passes", PackedRows.Numbers(rows, row => row.Completion.LetsNextPass ? 1 : 0)));

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
            ("@number", PackedRows.Numbers(rows, row => row.Attempts + 1 ?? 0)),
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
    /// <param name="Attempts">How many attempts the delivery has had before, if it still belongs to the lease.</param>
    private sealed record Row(DeliveryCompletion Completion, int? Attempts)
    {
        public bool IsLate => Attempts is null;
    }
}
