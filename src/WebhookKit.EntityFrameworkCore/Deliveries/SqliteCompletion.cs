using WebhookKit.Deliveries;
using WebhookKit.Endpoints;
using WebhookKit.EntityFrameworkCore.Dialects;
using WebhookKit.EntityFrameworkCore.Endpoints;

namespace WebhookKit.EntityFrameworkCore.Deliveries;

/// <summary>Writes the outcomes of one endpoint, row by row: status, attempt, and at last its health.</summary>
internal static class SqliteCompletion
{
    internal static readonly SqlTemplate Complete = new("""
        UPDATE {Delivery} SET
          {Delivery.Status} = @status, {Delivery.Reason} = @reason, {Delivery.DueAt} = @due_at,
          {Delivery.NextAttemptAt} = CASE WHEN @status = 0 THEN @due_at END,
          {Delivery.Attempts} = {Delivery.Attempts} + @made,
          {Delivery.IsRetry} = MAX({Delivery.IsRetry}, @made),
          {Delivery.Leases} = 0, {Delivery.LeaseId} = NULL,
          {Delivery.OrderingKey} = CASE WHEN @passes THEN NULL ELSE {Delivery.OrderingKey} END
        WHERE {Delivery.Id} = @id AND {Delivery.LeaseId} = @lease
        RETURNING {Delivery.Attempts}
        """);

    // An attempt that was in flight while its message was erased brings no content back.
    internal static readonly SqlTemplate Record = new("""
        INSERT INTO {Attempt} ({Attempt.Id}, {Attempt.DeliveryId}, {Attempt.Number}, {Attempt.StartedAt}, {Attempt.Duration},
          {Attempt.Outcome}, {Attempt.StatusCode}, {Attempt.Response}, {Attempt.Error}, {Attempt.IsLate})
        SELECT @attempt, @id, @number, @started_at, @duration, @outcome, @code,
          CASE WHEN kept THEN @response ELSE x'' END, CASE WHEN kept THEN @error END, @late
        FROM (SELECT NOT @late OR NOT EXISTS (
          SELECT 1 FROM {Message} m WHERE m.{Message.Id} = @message AND m.{Message.ErasedAt} IS NOT NULL) AS kept)
        WHERE EXISTS (SELECT 1 FROM {Delivery} d WHERE d.{Delivery.Id} = @id)
        ON CONFLICT DO NOTHING
        """);

    internal static readonly SqlTemplate Health = new("""
        UPDATE {EndpointState} SET
          {EndpointState.ConsecutiveFailures} = CASE WHEN @successes > 0 THEN 0 ELSE {EndpointState.ConsecutiveFailures} + @failures END,
          {EndpointState.FailingSince} = CASE
            WHEN @successes > 0 THEN NULL
            WHEN @failures > 0 THEN COALESCE({EndpointState.FailingSince}, @now)
            ELSE {EndpointState.FailingSince} END,
          {EndpointState.LastSuccessAt} = CASE WHEN @successes > 0 THEN @now ELSE {EndpointState.LastSuccessAt} END,
          {EndpointState.SlowedDownUntil} = CASE
            WHEN @slowed_down_until > COALESCE({EndpointState.SlowedDownUntil}, 0) THEN @slowed_down_until
            ELSE {EndpointState.SlowedDownUntil} END,
          {EndpointState.Status} = CASE WHEN @disable IS NULL THEN {EndpointState.Status} ELSE 2 END,
          {EndpointState.StatusReason} = CASE
            WHEN @disable IS NULL OR {EndpointState.Status} = 2 THEN {EndpointState.StatusReason} ELSE @disable END
        WHERE {EndpointState.EndpointId} = @endpoint
          AND (@failures > 0 OR @slowed_down_until IS NOT NULL OR @disable IS NOT NULL
            OR {EndpointState.ConsecutiveFailures} > 0 OR {EndpointState.LastSuccessAt} IS NULL
            OR {EndpointState.LastSuccessAt} < @stale)
        """);

    /// <returns>The deliveries whose lease had passed on, or that are gone.</returns>
    public static IReadOnlyList<DeliveryId> Write(RowCommands commands, EndpointOutcomes outcomes, DateTimeOffset now)
    {
        var owned = new List<DeliveryCompletion>(outcomes.Completions.Count);
        var late = new List<DeliveryId>();
        foreach (var completion in outcomes.Completions)
        {
            var number = WriteStatus(commands, completion, now);
            if (number is null)
            {
                late.Add(completion.Delivery.Id);
            }
            else
            {
                owned.Add(completion);
            }

            if (completion.Attempt is not null)
            {
                WriteAttempt(commands, completion.Delivery, completion.Attempt, number);
            }
        }

        SqliteDeliveryStatements.PromoteLines(commands, OrderingLine.LeftBy(owned));
        if (owned.Count > 0)
        {
            foreach (var change in outcomes.Health)
            {
                WriteHealth(commands, change, now);
            }
        }

        return late;
    }

    /// <returns>How many attempts the delivery has now, if it still belonged to the lease.</returns>
    private static int? WriteStatus(RowCommands commands, DeliveryCompletion completion, DateTimeOffset now)
    {
        var due = completion.Status == DeliveryStatus.Pending ? now + completion.NextAttemptIn : now;
        var attempts = commands.Read(
            Complete,
            reader => reader.GetInt32(0),
            ("@id", completion.Delivery.Id.Value.Stored()),
            ("@lease", completion.Delivery.LeaseId.Value.Stored()),
            ("@status", (int)completion.Status),
            ("@reason", (int)completion.Reason),
            ("@due_at", due.Stored()),
            ("@made", completion.Attempt is null ? 0 : 1),
            ("@passes", completion.LetsNextPass));
        return attempts.Count == 0 ? null : attempts[0];
    }

    private static void WriteAttempt(RowCommands commands, LeasedDelivery delivery, Attempt attempt, int? number) =>
        commands.Run(
            Record,
            ("@attempt", attempt.Id.Value.Stored()),
            ("@id", delivery.Id.Value.Stored()),
            ("@message", delivery.MessageId.Value.Stored()),
            ("@number", number),
            ("@started_at", attempt.StartedAt.Stored()),
            ("@duration", attempt.Duration.Stored()),
            ("@outcome", (int)attempt.Outcome),
            ("@code", attempt.StatusCode),
            ("@response", attempt.Response.ToArray()),
            ("@error", attempt.Error),
            ("@late", number is null));

    private static void WriteHealth(RowCommands commands, EndpointHealth change, DateTimeOffset now) =>
        commands.Run(
            Health,
            ("@endpoint", change.EndpointId.Value.Stored()),
            ("@successes", change.Successes),
            ("@failures", change.Failures),
            ("@slowed_down_until", (now + change.SlowDownFor)?.Stored()),
            ("@disable", (int?)change.DisableBecause),
            ("@now", now.Stored()),
            ("@stale", (now - EndpointStateEntity.SuccessGrain).Stored()));
}
