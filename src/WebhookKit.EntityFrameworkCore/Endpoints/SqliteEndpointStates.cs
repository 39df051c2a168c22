using System.Data.Common;
using WebhookKit.Endpoints;
using WebhookKit.EntityFrameworkCore.Dialects;

namespace WebhookKit.EntityFrameworkCore.Endpoints;

/// <summary>Reads what is known about endpoints and writes it back on SQLite, whose only writer the caller is.</summary>
internal static class SqliteEndpointStates
{
    private const string Columns = """
        s.{EndpointState.EndpointId}, s.{EndpointState.Status}, s.{EndpointState.StatusReason},
          s.{EndpointState.ConsecutiveFailures}, s.{EndpointState.FailingSince}, s.{EndpointState.LastSuccessAt},
          s.{EndpointState.SlowedDownUntil}, s.{EndpointState.Circuit}, s.{EndpointState.CircuitChangedAt},
          s.{EndpointState.WindowStartedAt}, s.{EndpointState.WindowAttempts}, s.{EndpointState.WindowFailures},
          s.{EndpointState.IsFailing}, s.{EndpointState.NextSlotAt}, s.{EndpointState.RateRequests}, s.{EndpointState.RatePeriod}
        """;

    internal static readonly SqlTemplate Find = new($$"""
        SELECT {{Columns}} FROM {EndpointState} s WHERE s.{EndpointState.EndpointId} = @endpoint
        """);

    // CROSS JOIN keeps the order: from another join SQLite would read the whole table first.
    internal static readonly SqlTemplate FindRestless = new($$"""
        {{PackedRows.Numbered}}
        SELECT {{Columns}} FROM packed CROSS JOIN {EndpointState} s
        WHERE s.{EndpointState.EndpointId} = {{PackedRows.Id("@endpoint")}}
          AND ({{PackedRows.Number("@is_apart")}} OR s.{EndpointState.ConsecutiveFailures} > 0 OR s.{EndpointState.Circuit} <> 0
            OR s.{EndpointState.WindowStartedAt} IS NOT NULL OR s.{EndpointState.IsFailing}
            OR s.{EndpointState.LastSuccessAt} IS NULL OR s.{EndpointState.LastSuccessAt} < @stale)
        """);

    internal static readonly SqlTemplate Succeed = new($$"""
        {{PackedRows.Numbered}}
        UPDATE {EndpointState} AS s SET {EndpointState.LastSuccessAt} = @now
        FROM (SELECT {{PackedRows.Id("@endpoint")}} AS endpoint_id FROM packed) o
        WHERE s.{EndpointState.EndpointId} = o.endpoint_id
        """);

    internal static readonly SqlTemplate Update = new("""
        UPDATE {EndpointState} SET
          {EndpointState.Status} = @status, {EndpointState.StatusReason} = @reason,
          {EndpointState.ConsecutiveFailures} = @row, {EndpointState.FailingSince} = @failing_since,
          {EndpointState.LastSuccessAt} = @last_success_at, {EndpointState.SlowedDownUntil} = @slowed_down_until,
          {EndpointState.Circuit} = @circuit, {EndpointState.CircuitChangedAt} = @circuit_changed_at,
          {EndpointState.WindowStartedAt} = @window_started_at, {EndpointState.WindowAttempts} = @window_attempts,
          {EndpointState.WindowFailures} = @window_failures, {EndpointState.IsFailing} = @is_failing,
          {EndpointState.NextSlotAt} = @next_slot_at
        WHERE {EndpointState.EndpointId} = @endpoint
        """);

    public static EndpointStateEntity? Read(RowCommands commands, EndpointId id) =>
        commands.Read(Find, ReadRow, ("@endpoint", id.Value.Stored())) is [var state] ? state : null;

    /// <summary>Reads the endpoints of the batch for which it means anything.</summary>
    public static List<EndpointStateEntity> ReadRestless(RowCommands commands, IReadOnlyList<EndpointHealth> health, DateTimeOffset now) =>
        commands.Read(
            FindRestless,
            ReadRow,
            ("@count", health.Count),
            ("@endpoint", PackedRows.Ids(health, change => change.EndpointId.Value)),
            ("@is_apart", PackedRows.Numbers(health, change =>
                change.Failures > 0 || change.SlowDownFor is not null || change.DisableBecause is not null ? 1 : 0)),
            ("@stale", (now - EndpointHealthDefaults.SuccessGrain).Stored()));

    public static void Write(RowCommands commands, EndpointStateEntity state) => commands.Run(
        Update,
        ("@status", (int)state.Status),
        ("@reason", (int)state.StatusReason),
        ("@row", state.ConsecutiveFailures),
        ("@failing_since", state.FailingSince?.Stored()),
        ("@last_success_at", state.LastSuccessAt?.Stored()),
        ("@slowed_down_until", state.SlowedDownUntil?.Stored()),
        ("@circuit", (int)state.Circuit),
        ("@circuit_changed_at", state.CircuitChangedAt?.Stored()),
        ("@window_started_at", state.WindowStartedAt?.Stored()),
        ("@window_attempts", state.WindowAttempts),
        ("@window_failures", state.WindowFailures),
        ("@is_failing", state.IsFailing ? 1 : 0),
        ("@next_slot_at", state.NextSlotAt?.Stored()),
        ("@endpoint", state.EndpointId.Value.Stored()));

    /// <summary>Writes for many endpoints at once that they succeeded, where nothing else changed.</summary>
    public static void WriteSuccess(RowCommands commands, IReadOnlyList<EndpointStateEntity> states, DateTimeOffset now) => commands.Run(
        Succeed,
        ("@count", states.Count),
        ("@endpoint", PackedRows.Ids(states, state => state.EndpointId.Value)),
        ("@now", now.Stored()));

    private static EndpointStateEntity ReadRow(DbDataReader reader) => new()
    {
        EndpointId = new EndpointId(reader.GetStoredId(0)),
        Status = (EndpointStatus)reader.GetInt32(1),
        StatusReason = (EndpointStatusReason)reader.GetInt32(2),
        ConsecutiveFailures = reader.GetInt32(3),
        FailingSince = reader.GetStoredInstantOrNull(4),
        LastSuccessAt = reader.GetStoredInstantOrNull(5),
        SlowedDownUntil = reader.GetStoredInstantOrNull(6),
        Circuit = (EndpointCircuit)reader.GetInt32(7),
        CircuitChangedAt = reader.GetStoredInstantOrNull(8),
        WindowStartedAt = reader.GetStoredInstantOrNull(9),
        WindowAttempts = reader.GetInt32(10),
        WindowFailures = reader.GetInt32(11),
        IsFailing = reader.GetBoolean(12),
        NextSlotAt = reader.GetStoredInstantOrNull(13),
        RateRequests = reader.GetNullable<int>(14),
        RatePeriod = reader.GetNullable<long>(15) is { } period ? TimeSpan.FromMicroseconds(period) : null,
    };
}
