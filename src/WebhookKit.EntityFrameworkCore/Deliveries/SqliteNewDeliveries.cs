using WebhookKit.EntityFrameworkCore.Dialects;

namespace WebhookKit.EntityFrameworkCore.Deliveries;

/// <summary>Inserts deliveries on SQLite: those that differ in nothing but their ids and places share a statement.</summary>
internal static class SqliteNewDeliveries
{
    internal static readonly SqlTemplate Add = new($$"""
        {{PackedRows.Numbered}}
        INSERT INTO {Delivery} ({Delivery.Id}, {Delivery.MessageId}, {Delivery.EndpointId}, {Delivery.Sequence},
          {Delivery.Status}, {Delivery.Reason}, {Delivery.DueAt}, {Delivery.NextAttemptAt}, {Delivery.LeaseId},
          {Delivery.Leases}, {Delivery.Attempts}, {Delivery.IsRetry}, {Delivery.OrderingKey}, {Delivery.PayloadFormat})
        SELECT {{PackedRows.Id("@id")}}, {{PackedRows.Id("@message")}}, {{PackedRows.Id("@endpoint")}}, {{PackedRows.Number("@sequence")}},
          @status, @reason, @due_at, @next_attempt_at, @lease, @leases, @attempts, @is_retry, @key, @format
        FROM packed
        """);

    public static void Insert(RowCommands commands, IReadOnlyList<DeliveryEntity> rows)
    {
        foreach (var alike in rows.GroupBy(row => new
        {
            row.Status,
            row.Reason,
            row.DueAt,
            row.NextAttemptAt,
            row.LeaseId,
            row.Leases,
            row.Attempts,
            row.IsRetry,
            row.OrderingKey,
            row.PayloadFormat,
        }))
        {
            DeliveryEntity[] some = [.. alike];
            commands.Run(
                Add,
                ("@count", some.Length),
                ("@id", PackedRows.Ids(some, row => row.Id.Value)),
                ("@message", PackedRows.Ids(some, row => row.MessageId.Value)),
                ("@endpoint", PackedRows.Ids(some, row => row.EndpointId.Value)),
                ("@sequence", PackedRows.Numbers(some, row => row.Sequence)),
                ("@status", (int)alike.Key.Status),
                ("@reason", (int)alike.Key.Reason),
                ("@due_at", alike.Key.DueAt.Stored()),
                ("@next_attempt_at", alike.Key.NextAttemptAt?.Stored()),
                ("@lease", alike.Key.LeaseId?.Value.Stored()),
                ("@leases", alike.Key.Leases),
                ("@attempts", alike.Key.Attempts),
                ("@is_retry", alike.Key.IsRetry),
                ("@key", alike.Key.OrderingKey),
                ("@format", alike.Key.PayloadFormat));
        }
    }
}
