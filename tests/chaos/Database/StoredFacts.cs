using Npgsql;
using WebhookKit.Chaos.History;
using WebhookKit.Chaos.Receiving;
using WebhookKit.Deliveries;

namespace WebhookKit.Chaos.Database;

/// <summary>Reads at the end of a run what the database knows of it.</summary>
internal static class StoredFacts
{
    public static async Task<RunHistory> AddStoredAsync(this RunHistory history, ChaosDatabase database) => history with
    {
        Orders = (await database.ReadAsync("select message_id from chaos_orders", row => row.GetGuid(0))).ToHashSet(),
        Messages = await database.ReadAsync(
            """
            select id, sha256(payload), idempotency_key, duplicate_of, exists (select from webhook_outbox where message_id = id)
            from webhook_messages
            """,
            row => new StoredMessage(
                row.GetGuid(0), SignatureCheck.FirstHalf(row.GetFieldValue<byte[]>(1)), Text(row, 2), Id(row, 3), row.GetBoolean(4))),
        Deliveries = await database.ReadAsync(
            "select id, message_id, endpoint_id, status, reason from webhook_deliveries",
            row => new StoredDelivery(
                row.GetGuid(0), row.GetGuid(1), row.GetGuid(2), (DeliveryStatus)row.GetInt32(3), (DeliveryStatusReason)row.GetInt32(4))),
        Attempts = await database.ReadAsync(
            "select delivery_id, number, started_at, duration, outcome from webhook_attempts",
            row => new StoredAttempt(
                row.GetGuid(0),
                row.IsDBNull(1) ? null : row.GetInt32(1),
                row.GetFieldValue<DateTimeOffset>(2),
                TimeSpan.FromMicroseconds(row.GetInt64(3)),
                (AttemptOutcome)row.GetInt32(4))),
        Transitions = await database.ReadAsync(
            """
            select at, delivery_id, writer, old_status, old_lease_id, old_due_at, old_attempts, old_leases,
                status, lease_id, due_at, attempts, leases,
                case when current_setting('track_commit_timestamp')::bool then pg_xact_commit_timestamp(xmin) else at end
            from chaos_transitions order by number
            """,
            row => new Transition(
                row.GetFieldValue<DateTimeOffset>(0),
                row.GetGuid(1),
                string.Intern(row.GetString(2)),
                row.IsDBNull(3) ? null : State(row, 3),
                State(row, 8),
                row.GetFieldValue<DateTimeOffset>(13))),
    };

    private static RowState State(NpgsqlDataReader row, int first) => new(
        (DeliveryStatus)row.GetInt32(first),
        Id(row, first + 1),
        row.GetFieldValue<DateTimeOffset>(first + 2),
        row.GetInt32(first + 3),
        row.GetInt32(first + 4));

    private static Guid? Id(NpgsqlDataReader row, int column) => row.IsDBNull(column) ? null : row.GetGuid(column);

    private static string? Text(NpgsqlDataReader row, int column) => row.IsDBNull(column) ? null : row.GetString(column);
}
