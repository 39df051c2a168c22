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
        WITH outcome AS (
          SELECT * FROM unnest(@ids, @leases, @statuses, @reasons, @delays, @passes,
            @attempts, @starts, @durations, @outcomes, @codes, @responses, @errors)
          AS o (id, lease, status, reason, delay, passes, attempt, started_at, duration, outcome, code, response, error)),
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
          RETURNING d.{Delivery.Id} AS id, o.lease, d.{Delivery.EndpointId} AS endpoint_id, d.{Delivery.Attempts} AS attempts),
        recorded AS (
          INSERT INTO {Attempt} ({Attempt.Id}, {Attempt.DeliveryId}, {Attempt.Number}, {Attempt.StartedAt}, {Attempt.Duration},
            {Attempt.Outcome}, {Attempt.StatusCode}, {Attempt.Response}, {Attempt.Error}, {Attempt.IsLate})
          SELECT o.attempt, o.id, owned.attempts, o.started_at, o.duration, o.outcome, o.code, o.response, o.error, false
          FROM outcome o JOIN owned ON owned.id = o.id AND owned.lease = o.lease
          WHERE o.attempt IS NOT NULL),
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
        return context.CreateCommand(
            Complete.For(context),
            ("ids", Array.ConvertAll(rows, row => row.Delivery.Id.Value)),
            ("leases", Array.ConvertAll(rows, row => row.Delivery.LeaseId.Value)),
            ("statuses", Array.ConvertAll(rows, row => (int)row.Status)),
            ("reasons", Array.ConvertAll(rows, row => (int)row.Reason)),
            ("delays", Array.ConvertAll(rows, row => row.Status == DeliveryStatus.Pending ? row.NextAttemptIn : TimeSpan.Zero)),
            ("passes", Array.ConvertAll(rows, row => row.LetsNextPass)),
            ("attempts", Array.ConvertAll(rows, row => row.Attempt?.Id.Value)),
            ("starts", Array.ConvertAll(rows, row => row.Attempt?.StartedAt.UtcDateTime)),
            ("durations", Array.ConvertAll(rows, row => row.Attempt?.Duration.Ticks / TimeSpan.TicksPerMicrosecond)),
            ("outcomes", Array.ConvertAll(rows, row => (int?)row.Attempt?.Outcome)),
            ("codes", Array.ConvertAll(rows, row => row.Attempt?.StatusCode)),
            ("responses", Array.ConvertAll(rows, row => row.Attempt?.Response.ToArray())),
            ("errors", Array.ConvertAll(rows, row => row.Attempt?.Error)),
            ("endpoints", Array.ConvertAll(changes, change => change.EndpointId.Value)),
            ("successes", Array.ConvertAll(changes, change => change.Successes)),
            ("failures", Array.ConvertAll(changes, change => change.Failures)),
            ("slow_downs", Array.ConvertAll(changes, change => change.SlowDownFor)),
            ("disables", Array.ConvertAll(changes, change => (int?)change.DisableBecause)),
            ("grain", Endpoints.EndpointStateEntity.SuccessGrain),
            ("offset", offset));
    }
}
