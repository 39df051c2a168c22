using System.Data.Common;
using Microsoft.EntityFrameworkCore;
using WebhookKit.EntityFrameworkCore.Dialects;

namespace WebhookKit.EntityFrameworkCore.Outbox;

/// <summary>Takes messages on PostgreSQL in one statement, past those that another node is taking.</summary>
internal sealed class PostgreSqlOutboxStatements(DatabaseClock clock) : IOutboxStatements
{
    // One round trip less: the statement that takes is also the one that begins the transaction.
    private static readonly string Begun = $"begun AS MATERIALIZED (SELECT now() AS now, {IdlePatience.Setting})";

    // The advisory lock, held until the transaction ends, lets one node at a time take messages with an ordering key; the
    // others leave them and take the rest. It is asked for only when such a message is met.
    private const string IsMine = "(NOT {Outbox.IsOrdered} OR (SELECT pg_try_advisory_xact_lock(@ordered::regclass::oid::bigint)))";

    private static readonly SqlTemplate TakePending = new($$"""
        WITH {{Begun}}, taken AS (
          DELETE FROM {Outbox} WHERE {Outbox.Number} = ANY(ARRAY(
            SELECT {Outbox.Number} FROM {Outbox}
            WHERE {{IsMine}}
            ORDER BY {Outbox.Number} LIMIT @max FOR UPDATE SKIP LOCKED))
          RETURNING {Outbox.Number} AS number, {Outbox.MessageId} AS message_id)
        SELECT begun.now, taken.number, m.{Message.Id}, m.{Message.TenantId}, m.{Message.EventType}, m.{Message.ContentType}, m.{Message.Payload},
          m.{Message.OccurredAt}, m.{Message.DeliverAt}, m.{Message.TargetEndpointId}, m.{Message.OrderingKey},
          m.{Message.IdempotencyKey}, m.{Message.Origin}, m.{Message.TraceParent}
        FROM begun CROSS JOIN taken JOIN {Message} m ON m.{Message.Id} = taken.message_id
        ORDER BY taken.number
        """);

    private static readonly SqlTemplate TakeCommitted = new($$"""
        WITH {{Begun}}, taken AS (
          DELETE FROM {Outbox} WHERE {Outbox.Number} = ANY(ARRAY(
            SELECT {Outbox.Number} FROM {Outbox}
            WHERE {Outbox.MessageId} = ANY(@ids) AND {{IsMine}} FOR UPDATE SKIP LOCKED))
          RETURNING {Outbox.Number} AS number, {Outbox.MessageId} AS message_id)
        SELECT begun.now, taken.number, taken.message_id FROM begun CROSS JOIN taken
        ORDER BY taken.number
        """);

    private static readonly SqlTemplate Table = new("{Outbox}");

    public Task<TakenMessages> TakePendingAsync(DbContext context, int maxMessages, CancellationToken cancellationToken) =>
        TakeAsync(
            context.CreateCommand(TakePending.For(context), ("max", maxMessages), ("ordered", Table.For(context))), Read, cancellationToken);

    public Task<TakenMessages> TakeCommittedAsync(
        DbContext context, IReadOnlyDictionary<MessageId, WebhookMessage> committed, CancellationToken cancellationToken) =>
        TakeAsync(
            context.CreateCommand(
                TakeCommitted.For(context),
                ("ids", committed.Keys.Select(id => id.Value).ToArray()),
                ("ordered", Table.For(context))),
            reader => new TakenMessage(reader.GetInt64(1), committed[new MessageId(reader.GetGuid(2))]),
            cancellationToken);

    private async Task<TakenMessages> TakeAsync(
        DbCommand command, Func<DbDataReader, TakenMessage> read, CancellationToken cancellationToken)
    {
        DateTimeOffset? now = null;
        var rows = await command.ReadRowsAsync(
            reader =>
            {
                now ??= reader.GetFieldValue<DateTimeOffset>(0);
                return read(reader);
            },
            cancellationToken).ConfigureAwait(false);
        return new TakenMessages(now + clock.Offset ?? default, rows);
    }

    private static TakenMessage Read(DbDataReader reader) => new(reader.GetInt64(1), new WebhookMessage
    {
        Id = new MessageId(reader.GetGuid(2)),
        TenantId = reader.GetNullableString(3),
        EventType = reader.GetString(4),
        ContentType = reader.GetString(5),
        Payload = reader.GetFieldValue<byte[]>(6),
        OccurredAt = reader.GetFieldValue<DateTimeOffset>(7),
        DeliverAt = reader.GetNullable<DateTimeOffset>(8),
        TargetEndpointId = reader.GetNullable<Guid>(9) is { } target ? new EndpointId(target) : null,
        OrderingKey = reader.GetNullableString(10),
        IdempotencyKey = reader.GetNullableString(11),
        Origin = (MessageOrigin)reader.GetInt32(12),
        TraceParent = reader.GetNullableString(13),
    });
}
