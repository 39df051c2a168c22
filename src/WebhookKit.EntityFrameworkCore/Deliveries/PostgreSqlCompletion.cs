using System.Data.Common;
using Microsoft.EntityFrameworkCore;
using WebhookKit.Deliveries;
using WebhookKit.Endpoints;
using WebhookKit.EntityFrameworkCore.Dialects;

namespace WebhookKit.EntityFrameworkCore.Deliveries;

/// <summary>Writes a batch of outcomes, attempts included, in one statement; answers with those that held their lease.</summary>
/// <remarks>
/// Of the endpoints named it notes that they succeeded. One for which that means more than a time, because it has failed
/// before, is answered with instead, and its outcomes are left: they are written together with what becomes of it.
/// </remarks>
internal static class PostgreSqlCompletion
{
    // Matched by primary key and fencing id alone: naming the status too would invite a plan over the index of pending rows.
    private static readonly SqlTemplate Complete = new("""
        restless AS (
          SELECT s.{EndpointState.EndpointId} AS endpoint_id FROM {EndpointState} s
          WHERE s.{EndpointState.EndpointId} = ANY(@endpoints)
            AND (s.{EndpointState.ConsecutiveFailures} > 0 OR s.{EndpointState.Circuit} <> 0
              OR s.{EndpointState.WindowStartedAt} IS NOT NULL OR s.{EndpointState.IsFailing})),
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
            AND d.{Delivery.EndpointId} <> ALL(ARRAY(SELECT endpoint_id FROM restless))
          RETURNING d.{Delivery.Id} AS id, o.lease, d.{Delivery.EndpointId} AS endpoint_id, d.{Delivery.Attempts} AS attempts,
            o.attempt, o.started_at, o.duration, o.outcome, o.code, o.response, o.error),
        recorded AS (
          INSERT INTO {Attempt} ({Attempt.Id}, {Attempt.DeliveryId}, {Attempt.Number}, {Attempt.StartedAt}, {Attempt.Duration},
            {Attempt.Outcome}, {Attempt.StatusCode}, {Attempt.Response}, {Attempt.Error}, {Attempt.IsLate})
          SELECT attempt, id, attempts, started_at, duration, outcome, code, response, error, false
          FROM owned WHERE attempt IS NOT NULL),
        success AS (
          UPDATE {EndpointState} s SET {EndpointState.LastSuccessAt} = now() + @offset
          WHERE s.{EndpointState.EndpointId} = ANY(@endpoints) AND s.{EndpointState.EndpointId} IN (SELECT endpoint_id FROM owned)
            AND (s.{EndpointState.LastSuccessAt} IS NULL OR s.{EndpointState.LastSuccessAt} < now() + @offset - @grain))
        SELECT id, lease, false FROM owned UNION ALL SELECT endpoint_id, endpoint_id, true FROM restless
        """);

    public static DbCommand CreateCommand(
        DbContext context, IReadOnlyList<DeliveryCompletion> completions, IReadOnlyList<EndpointId> succeeded, TimeSpan offset)
    {
        // In one order, so that two nodes cannot wait for each other.
        DeliveryCompletion[] rows = [.. completions.OrderBy(completion => completion.Delivery.Id)];
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
            ("endpoints", succeeded.Select(id => id.Value).Order().ToArray()),
            ("grain", EndpointHealthDefaults.SuccessGrain),
            ("offset", offset));
        outcome.AddParameters(command);
        return command;
    }

    // Empty ones are the same array, and so alike.
    private static byte[] ToArray(ReadOnlyMemory<byte> response) => response.Length == 0 ? [] : response.ToArray();
}
