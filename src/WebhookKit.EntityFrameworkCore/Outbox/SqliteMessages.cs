using System.Data.Common;
using WebhookKit.EntityFrameworkCore.Dialects;

namespace WebhookKit.EntityFrameworkCore.Outbox;

/// <summary>Reads messages on SQLite, past the change tracker and its queries.</summary>
internal static class SqliteMessages
{
    /// <summary>The columns of a message with the alias <c>m</c>.</summary>
    public const string Columns = """
        m.{Message.Id}, m.{Message.TenantId}, m.{Message.EventType}, m.{Message.ContentType}, m.{Message.Payload},
          m.{Message.OccurredAt}, m.{Message.DeliverAt}, m.{Message.TargetEndpointId}, m.{Message.OrderingKey},
          m.{Message.IdempotencyKey}, m.{Message.Origin}, m.{Message.TraceParent}
        """;

    /// <summary>How many <see cref="Columns"/> are.</summary>
    public const int ColumnCount = 12;

    // One by one: before a join SQLite might read every message, payloads and all, where its statistics are old.
    internal static readonly SqlTemplate Find = new($$"""
        SELECT {{Columns}} FROM {Message} m WHERE m.{Message.Id} = @id AND m.{Message.ErasedAt} IS NULL
        """);

    /// <summary>Reads those of the messages that are there and not erased, in the order of their ids.</summary>
    public static List<WebhookMessage> ReadAll(RowCommands commands, IEnumerable<MessageId> ids) =>
        [.. ids.Distinct().Order().SelectMany(id => commands.Read(Find, Read, ("@id", id.Value.Stored())))];

    public static WebhookMessage Read(DbDataReader reader) => new()
    {
        Id = new MessageId(reader.GetStoredId(0)),
        TenantId = reader.GetNullableString(1),
        EventType = reader.GetString(2),
        ContentType = reader.GetString(3),
        Payload = reader.GetFieldValue<byte[]>(4),
        OccurredAt = reader.GetStoredInstant(5),
        DeliverAt = reader.GetStoredInstantOrNull(6),
        TargetEndpointId = reader.IsDBNull(7) ? null : new EndpointId(reader.GetStoredId(7)),
        OrderingKey = reader.GetNullableString(8),
        IdempotencyKey = reader.GetNullableString(9),
        Origin = (MessageOrigin)reader.GetInt32(10),
        TraceParent = reader.GetNullableString(11),
    };
}
