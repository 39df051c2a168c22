using System.Data.Common;
using Microsoft.EntityFrameworkCore;
using WebhookKit.Deliveries;
using WebhookKit.Endpoints;
using WebhookKit.EntityFrameworkCore.Dialects;

namespace WebhookKit.EntityFrameworkCore.Deliveries;

/// <summary>Writes a batch of outcomes, attempts and endpoint health included, in one statement; answers with those that held their lease.</summary>
internal static class PostgreSqlCompletion
{
    // Matched by primary key and fencing id alone: naming the status too would invite a plan over the index of pending rows.
    private static readonly SqlTemplate Complete = new("""
        owned AS (
          UPDATE {Delivery} d SET
            {Delivery.Status} = o.status, {Delivery.Reason} = o.reason,
            {Delivery.DueAt} = now() + @offset + o.delay,
            {Delivery.NextAttemptAt} = CASE WHEN o.status = 0 THEN now() + @offset + o.delay END,
            {Delivery.Attempts} = d.{Delivery.Attempts} + CASE WHEN o.attempt IS NULL THEN 0 ELSE 1 END,
            {Delivery.IsRetry} = d.{Delivery.IsRetry} OR o.attempt IS NOT NULL,
            {Delivery.Leases} = 0, {Delivery.LeaseId} = NULL,
            {Delivery.OrderingKey} = CASE WHEN o.passes THEN NULL ELSE d.{Delivery.OrderingKey} END
          FROM outcome o WHERE d.{Delivery.Id} = o.id AND d.{Delivery.LeaseId} = o.lease
          RETURNING d.{Delivery.Id} AS id, o.lease, d.{Delivery.EndpointId} AS endpoint_id, d.{Delivery.Attempts} AS attempts,
            o.attempt, o.started_at, o.duration, o.outcome, o.code, o.response, o.error),
        recorded AS (
          INSERT INTO {Attempt} ({Attempt.Id}, {Attempt.DeliveryId}, {Attempt.Number}, {Attempt.StartedAt}, {Attempt.Duration},
            {Attempt.Outcome}, {Attempt.StatusCode}, {Attempt.Response}, {Attempt.Error}, {Attempt.IsLate})
          SELECT attempt, id, attempts, started_at, duration, outcome, code, response, error, false
          FROM owned WHERE attempt IS NOT NULL),
        health AS (
          UPDATE {EndpointState} s SET
            {EndpointState.ConsecutiveFailures} = CASE WHEN h.successes > 0 THEN 0 ELSE s.{EndpointState.ConsecutiveFailures} + h.failures END,
            {EndpointState.FailingSince} = CASE
              WHEN h.successes > 0 THEN NULL
              WHEN h.failures > 0 THEN COALESCE(s.{EndpointState.FailingSince}, now() + @offset)
              ELSE s.{EndpointState.FailingSince} END,
            {EndpointState.LastSuccessAt} = CASE WHEN h.successes > 0 THEN now() + @offset ELSE s.{EndpointState.LastSuccessAt} END,
            {EndpointState.SlowedDownUntil} = GREATEST(s.{EndpointState.SlowedDownUntil}, now() + @offset + h.slow_down),
            {EndpointState.Status} = CASE WHEN h.disable IS NULL THEN s.{EndpointState.Status} ELSE 2 END,
            {EndpointState.StatusReason} = CASE
              WHEN h.disable IS NULL OR s.{EndpointState.Status} = 2 THEN s.{EndpointState.StatusReason} ELSE h.disable END
          FROM unnest(@endpoints, @successes, @failures, @slow_downs, @disables)
            AS h (endpoint_id, successes, failures, slow_down, disable)
          WHERE s.{EndpointState.EndpointId} = h.endpoint_id AND h.endpoint_id IN (SELECT endpoint_id FROM owned)
            AND (h.failures > 0 OR h.slow_down IS NOT NULL OR h.disable IS NOT NULL
              OR s.{EndpointState.ConsecutiveFailures} > 0 OR s.{EndpointState.LastSuccessAt} IS NULL
              OR s.{EndpointState.LastSuccessAt} < now() + @offset - @grain))
        SELECT id, lease FROM owned
        """);

    public static DbCommand CreateCommand(
        DbContext context, IReadOnlyList<DeliveryCompletion> completions, IReadOnlyList<EndpointHealth> health, TimeSpan offset)
    {
        // In one order, so that two nodes cannot wait for each other.
        DeliveryCompletion[] rows = [.. completions.OrderBy(completion => completion.Delivery.Id)];
        EndpointHealth[] changes = [.. health.OrderBy(change => change.EndpointId)];
        var outcome = new BatchColumns("o_")
            .Add("id", "uuid", Array.ConvertAll(rows, row => row.Delivery.Id.Value))
            .Add("lease", "uuid", Array.ConvertAll(rows, row => row.Delivery.LeaseId.Value))
            .Add("status", "integer", Array.ConvertAll(rows, row => (int)row.Status))
            .Add("reason", "integer", Array.ConvertAll(rows, row => (int)row.Reason))
            .Add("delay", "interval", Array.ConvertAll(rows, row => row.Status == DeliveryStatus.Pending ? row.NextAttemptIn : TimeSpan.Zero))
            .Add("passes", "boolean", Array.ConvertAll(rows, row => row.LetsNextPass))
            .Add("attempt", "uuid", Array.ConvertAll(rows, row => row.Attempt?.Id.Value))
            .Add("started_at", "timestamptz", Array.ConvertAll(rows, row => row.Attempt?.StartedAt.UtcDateTime))
            .Add("duration", "bigint", Array.ConvertAll(rows, row => row.Attempt?.Duration.Ticks / TimeSpan.TicksPerMicrosecond))
            .Add("outcome", "integer", Array.ConvertAll(rows, row => (int?)row.Attempt?.Outcome))
            .Add("code", "integer", Array.ConvertAll(rows, row => row.Attempt?.StatusCode))
            .Add("response", "bytea", Array.ConvertAll(rows, row => row.Attempt?.Response is { } kept ? ToArray(kept) : null))
            .Add("error", "text", Array.ConvertAll(rows, row => row.Attempt?.Error));
        var command = context.CreateCommand(
            $"WITH outcome AS ({outcome.Query}), {Complete.For(context)}",
            ("endpoints", Array.ConvertAll(changes, change => change.EndpointId.Value)),
            ("successes", Array.ConvertAll(changes, change => change.Successes)),
            ("failures", Array.ConvertAll(changes, change => change.Failures)),
            ("slow_downs", Array.ConvertAll(changes, change => change.SlowDownFor)),
            ("disables", Array.ConvertAll(changes, change => (int?)change.DisableBecause)),
            ("grain", Endpoints.EndpointStateEntity.SuccessGrain),
            ("offset", offset));
        outcome.AddParameters(command);
        return command;
    }

    // Empty ones are the same array, and so alike.
    private static byte[] ToArray(ReadOnlyMemory<byte> response) => response.Length == 0 ? [] : response.ToArray();
}
