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
    // States are looked up once: to look for each of them in the whole list again took longer than all the rest. IS TRUE
    // keeps the lookup in what is owned a hashed one, whatever the planner believes of its size.
    private static readonly SqlTemplate Complete = new("""
        touched AS MATERIALIZED (
          SELECT * FROM (
            SELECT s.{EndpointState.EndpointId} AS endpoint_id,
              s.{EndpointState.ConsecutiveFailures} > 0 OR s.{EndpointState.Circuit} <> 0
                OR s.{EndpointState.WindowStartedAt} IS NOT NULL OR s.{EndpointState.IsFailing} AS is_restless,
              COALESCE(s.{EndpointState.LastSuccessAt} < now() + @offset - @grain, true) AS is_stale
            FROM {EndpointState} s WHERE s.{EndpointState.EndpointId} = ANY(@endpoints)) named
          WHERE is_restless OR is_stale ORDER BY endpoint_id),
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
            AND d.{Delivery.EndpointId} <> ALL(ARRAY(SELECT endpoint_id FROM touched WHERE is_restless))
          RETURNING d.{Delivery.Id} AS id, o.lease, d.{Delivery.EndpointId} AS endpoint_id, d.{Delivery.Attempts} AS attempts,
            o.attempt, o.started_at, o.duration, o.outcome, o.code, o.response, o.error),
        recorded AS (
          INSERT INTO {Attempt} ({Attempt.Id}, {Attempt.DeliveryId}, {Attempt.Number}, {Attempt.StartedAt}, {Attempt.Duration},
            {Attempt.Outcome}, {Attempt.StatusCode}, {Attempt.Response}, {Attempt.Error}, {Attempt.IsLate})
          SELECT attempt, id, attempts, started_at, duration, outcome, code, response, error, false
          FROM owned WHERE attempt IS NOT NULL),
        success AS (
          UPDATE {EndpointState} s SET {EndpointState.LastSuccessAt} = now() + @offset
          FROM touched WHERE s.{EndpointState.EndpointId} = touched.endpoint_id
            AND (touched.endpoint_id IN (SELECT endpoint_id FROM owned)) IS TRUE)
        SELECT id, lease, false FROM owned UNION ALL SELECT endpoint_id, endpoint_id, true FROM touched WHERE is_restless
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
