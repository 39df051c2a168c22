using System.Data.Common;
using Microsoft.EntityFrameworkCore;
using WebhookKit.EntityFrameworkCore.Dialects;

namespace WebhookKit.EntityFrameworkCore.Outbox;

/// <summary>Takes messages on PostgreSQL in one statement, past those that another node is taking.</summary>
internal sealed class PostgreSqlOutboxStatements : IOutboxStatements
{
    // The advisory lock, held until the transaction ends, lets one node at a time take messages with an ordering key; the
    // others leave them and take the rest. It is asked for only when such a message is met.
    private static readonly SqlTemplate TakePending = new("""
        WITH taken AS (
          DELETE FROM {Outbox} WHERE {Outbox.Number} = ANY(ARRAY(
            SELECT {Outbox.Number} FROM {Outbox}
            WHERE NOT {Outbox.IsOrdered} OR (SELECT pg_try_advisory_xact_lock(@ordered::regclass::oid::bigint))
            ORDER BY {Outbox.Number} LIMIT @max FOR UPDATE SKIP LOCKED))
          RETURNING {Outbox.Number} AS number, {Outbox.MessageId} AS message_id)
        SELECT taken.number, m.{Message.Id}, m.{Message.TenantId}, m.{Message.EventType}, m.{Message.ContentType}, m.{Message.Payload},
          m.{Message.OccurredAt}, m.{Message.DeliverAt}, m.{Message.TargetEndpointId}, m.{Message.OrderingKey},
          m.{Message.IdempotencyKey}, m.{Message.Origin}, m.{Message.TraceParent}
        FROM taken JOIN {Message} m ON m.{Message.Id} = taken.message_id
        ORDER BY taken.number
        """);

    private static readonly SqlTemplate TakeCommitted = new("""
        DELETE FROM {Outbox} WHERE {Outbox.Number} = ANY(ARRAY(
          SELECT {Outbox.Number} FROM {Outbox}
          WHERE {Outbox.MessageId} = ANY(@ids) AND NOT {Outbox.IsOrdered} FOR UPDATE SKIP LOCKED))
        RETURNING {Outbox.Number}, {Outbox.MessageId}
        """);

    private static readonly SqlTemplate Table = new("{Outbox}");

    public async Task<IReadOnlyList<TakenMessage>> TakePendingAsync(
        DbContext context, int maxMessages, CancellationToken cancellationToken) =>
        await context.CreateCommand(TakePending.For(context), ("max", maxMessages), ("ordered", Table.For(context)))
            .ReadRowsAsync(Read, cancellationToken).ConfigureAwait(false);

    public async Task<IReadOnlyList<TakenMessage>> TakeCommittedAsync(
        DbContext context, IReadOnlyDictionary<MessageId, WebhookMessage> committed, CancellationToken cancellationToken)
    {
        var won = await context.CreateCommand(
            TakeCommitted.For(context), ("ids", committed.Keys.Select(id => id.Value).ToArray()))
            .ReadRowsAsync(
                reader => new TakenMessage(reader.GetInt64(0), committed[new MessageId(reader.GetGuid(1))]), cancellationToken)
            .ConfigureAwait(false);
        won.Sort(static (one, other) => one.Number.CompareTo(other.Number));
        return won;
    }

    private static TakenMessage Read(DbDataReader reader) => new(reader.GetInt64(0), new WebhookMessage
    {
        Id = new MessageId(reader.GetGuid(1)),
        TenantId = reader.GetNullableString(2),
        EventType = reader.GetString(3),
        ContentType = reader.GetString(4),
        Payload = reader.GetFieldValue<byte[]>(5),
        OccurredAt = reader.GetFieldValue<DateTimeOffset>(6),
        DeliverAt = reader.GetNullable<DateTimeOffset>(7),
        TargetEndpointId = reader.GetNullable<Guid>(8) is { } target ? new EndpointId(target) : null,
        OrderingKey = reader.GetNullableString(9),
        IdempotencyKey = reader.GetNullableString(10),
        Origin = (MessageOrigin)reader.GetInt32(11),
        TraceParent = reader.GetNullableString(12),
    });
}
