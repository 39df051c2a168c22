using WebhookKit.EntityFrameworkCore.Dialects;

namespace WebhookKit.EntityFrameworkCore.Outbox;

/// <summary>The rows of the outbox on SQLite, where numbers are in the order of commits.</summary>
internal static class SqliteOutbox
{
    internal static readonly SqlTemplate First = new($$"""
        SELECT {{SqliteMessages.Columns}}, o.number
        FROM (
          SELECT {Outbox.Number} AS number, {Outbox.MessageId} AS message_id FROM {Outbox} ORDER BY {Outbox.Number} LIMIT @max) o
        CROSS JOIN {Message} m ON m.{Message.Id} = o.message_id
        """);

    // By a subquery: before a join SQLite would read the whole outbox where its statistics say that it is small.
    internal static readonly SqlTemplate Find = new($$"""
        {{PackedRows.Numbered}}
        SELECT n, (
          SELECT o.{Outbox.Number} FROM {Outbox} o WHERE o.{Outbox.MessageId} = {{PackedRows.Id("@id")}})
        FROM packed
        """);

    internal static readonly SqlTemplate Take = new("""
        DELETE FROM {Outbox} WHERE {Outbox.Number} BETWEEN @first AND @last RETURNING {Outbox.Number}
        """);

    /// <summary>Reads the oldest messages.</summary>
    public static List<TakenMessage> ReadFirst(RowCommands commands, int maxMessages)
    {
        var rows = commands.Read(First, reader => new TakenMessage(reader.GetInt64(SqliteMessages.ColumnCount), SqliteMessages.Read(reader)), ("@max", maxMessages));
        rows.Sort(static (one, other) => one.Number.CompareTo(other.Number));
        return rows;
    }

    /// <summary>Finds those of the messages that are there.</summary>
    public static List<TakenMessage> FindAll(RowCommands commands, IReadOnlyList<WebhookMessage> messages)
    {
        var rows = commands.Read(
            Find,
            reader => (Index: reader.GetInt32(0), Number: reader.GetNullable<long>(1)),
            ("@count", messages.Count),
            ("@id", PackedRows.Ids(messages, message => message.Id.Value)));
        return
        [
            .. rows.Where(row => row.Number is not null)
                .Select(row => new TakenMessage(row.Number!.Value, messages[row.Index]))
                .OrderBy(row => row.Number),
        ];
    }

    /// <summary>Deletes the rows, which are in the order of their numbers.</summary>
    /// <returns>Those that nobody else has deleted before.</returns>
    public static List<TakenMessage> Delete(RowCommands commands, IReadOnlyList<TakenMessage> rows)
    {
        var deleted = new HashSet<long>(rows.Count);
        for (var (start, end) = (0, 1); start < rows.Count; (start, end) = (end, end + 1))
        {
            // Between two consecutive numbers there is no row that is not meant.
            while (end < rows.Count && rows[end].Number == rows[end - 1].Number + 1)
            {
                end++;
            }

            deleted.UnionWith(commands.Read(
                Take, reader => reader.GetInt64(0), ("@first", rows[start].Number), ("@last", rows[end - 1].Number)));
        }

        return [.. rows.Where(row => deleted.Contains(row.Number))];
    }
}
