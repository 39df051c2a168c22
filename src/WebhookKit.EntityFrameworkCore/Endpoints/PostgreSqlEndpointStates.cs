using System.Data.Common;
using Microsoft.EntityFrameworkCore;
using WebhookKit.Endpoints;
using WebhookKit.EntityFrameworkCore.Dialects;

namespace WebhookKit.EntityFrameworkCore.Endpoints;

/// <summary>Reads what all nodes know about endpoints and writes it back on PostgreSQL, locked in between.</summary>
internal static class PostgreSqlEndpointStates
{
    private const string Select = """
        SELECT s.{EndpointState.EndpointId}, s.{EndpointState.Status}, s.{EndpointState.StatusReason},
          s.{EndpointState.ConsecutiveFailures}, s.{EndpointState.FailingSince}, s.{EndpointState.LastSuccessAt},
          s.{EndpointState.SlowedDownUntil}, s.{EndpointState.Circuit}, s.{EndpointState.CircuitChangedAt},
          s.{EndpointState.WindowStartedAt}, s.{EndpointState.WindowAttempts}, s.{EndpointState.WindowFailures},
          s.{EndpointState.IsFailing}, s.{EndpointState.NextSlotAt}, s.{EndpointState.RateRequests}, s.{EndpointState.RatePeriod}
        FROM {EndpointState} s WHERE s.{EndpointState.EndpointId} = ANY(@ids)
        ORDER BY s.{EndpointState.EndpointId} FOR UPDATE
        """;

    private static readonly SqlTemplate Lock = new(Select);
    private static readonly SqlTemplate LockFree = new(Select + " SKIP LOCKED");

    private static readonly SqlTemplate Update = new("""
        UPDATE {EndpointState} s SET
          {EndpointState.Status} = n.status, {EndpointState.StatusReason} = n.status_reason,
          {EndpointState.ConsecutiveFailures} = n.consecutive_failures, {EndpointState.FailingSince} = n.failing_since,
          {EndpointState.LastSuccessAt} = n.last_success_at, {EndpointState.SlowedDownUntil} = n.slowed_down_until,
          {EndpointState.Circuit} = n.circuit, {EndpointState.CircuitChangedAt} = n.circuit_changed_at,
          {EndpointState.WindowStartedAt} = n.window_started_at, {EndpointState.WindowAttempts} = n.window_attempts,
          {EndpointState.WindowFailures} = n.window_failures, {EndpointState.IsFailing} = n.is_failing,
          {EndpointState.NextSlotAt} = n.next_slot_at
        FROM unnest(@ids, @statuses, @reasons, @rows, @failing, @successes, @slowed, @circuits, @changed,
            @windows, @attempts, @failures, @are_failing, @slots)
          AS n (id, status, status_reason, consecutive_failures, failing_since, last_success_at, slowed_down_until, circuit,
            circuit_changed_at, window_started_at, window_attempts, window_failures, is_failing, next_slot_at)
        WHERE s.{EndpointState.EndpointId} = n.id
        """);

    /// <summary>Reads and locks rows until the caller's transaction ends, in the order of their ids.</summary>
    /// <param name="context">In the caller's transaction.</param>
    /// <param name="ids">The endpoints; those that do not exist are left out.</param>
    /// <param name="waits">Whether rows that another transaction holds are waited for, or left out.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public static Task<List<EndpointStateEntity>> LockAsync(
        DbContext context, IReadOnlyCollection<EndpointId> ids, bool waits, CancellationToken cancellationToken) =>
        context.CreateCommand((waits ? Lock : LockFree).For(context), ("ids", ids.Select(id => id.Value).ToArray()))
            .ReadRowsAsync(Read, cancellationToken);

    public static Task WriteAsync(DbContext context, IReadOnlyList<EndpointStateEntity> rows, CancellationToken cancellationToken) =>
        rows.Count == 0 ? Task.CompletedTask : CreateUpdateCommand(context, [.. rows]).RunAsync(cancellationToken);

    private static DbCommand CreateUpdateCommand(DbContext context, EndpointStateEntity[] rows) => context.CreateCommand(
        Update.For(context),
        ("ids", Array.ConvertAll(rows, row => row.EndpointId.Value)),
        ("statuses", Array.ConvertAll(rows, row => (int)row.Status)),
        ("reasons", Array.ConvertAll(rows, row => (int)row.StatusReason)),
        ("rows", Array.ConvertAll(rows, row => row.ConsecutiveFailures)),
        ("failing", Array.ConvertAll(rows, row => row.FailingSince?.UtcDateTime)),
        ("successes", Array.ConvertAll(rows, row => row.LastSuccessAt?.UtcDateTime)),
        ("slowed", Array.ConvertAll(rows, row => row.SlowedDownUntil?.UtcDateTime)),
        ("circuits", Array.ConvertAll(rows, row => (int)row.Circuit)),
        ("changed", Array.ConvertAll(rows, row => row.CircuitChangedAt?.UtcDateTime)),
        ("windows", Array.ConvertAll(rows, row => row.WindowStartedAt?.UtcDateTime)),
        ("attempts", Array.ConvertAll(rows, row => row.WindowAttempts)),
        ("failures", Array.ConvertAll(rows, row => row.WindowFailures)),
        ("are_failing", Array.ConvertAll(rows, row => row.IsFailing)),
        ("slots", Array.ConvertAll(rows, row => row.NextSlotAt?.UtcDateTime)));

    private static EndpointStateEntity Read(DbDataReader reader) => new()
    {
        EndpointId = new EndpointId(reader.GetGuid(0)),
        Status = (EndpointStatus)reader.GetInt32(1),
        StatusReason = (EndpointStatusReason)reader.GetInt32(2),
        ConsecutiveFailures = reader.GetInt32(3),
        FailingSince = reader.GetNullable<DateTimeOffset>(4),
        LastSuccessAt = reader.GetNullable<DateTimeOffset>(5),
        SlowedDownUntil = reader.GetNullable<DateTimeOffset>(6),
        Circuit = (EndpointCircuit)reader.GetInt32(7),
        CircuitChangedAt = reader.GetNullable<DateTimeOffset>(8),
        WindowStartedAt = reader.GetNullable<DateTimeOffset>(9),
        WindowAttempts = reader.GetInt32(10),
        WindowFailures = reader.GetInt32(11),
        IsFailing = reader.GetBoolean(12),
        NextSlotAt = reader.GetNullable<DateTimeOffset>(13),
        RateRequests = reader.GetNullable<int>(14),
        RatePeriod = reader.GetNullable<long>(15) is { } period ? TimeSpan.FromMicroseconds(period) : null,
    };
}
