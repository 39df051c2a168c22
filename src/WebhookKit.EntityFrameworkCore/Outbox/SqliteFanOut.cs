using Microsoft.EntityFrameworkCore;
using WebhookKit.EntityFrameworkCore.Dialects;
using WebhookKit.Outbox;

namespace WebhookKit.EntityFrameworkCore.Outbox;

/// <summary>Fans out on SQLite: planned before the lock is asked for, and written in turns.</summary>
/// <remarks>
/// A message that another process takes between plan and turn is not there to be deleted, and left out. Turns follow
/// the order of the outbox and begin at its first row, so that none overtakes an earlier message of its ordering key.
/// </remarks>
internal sealed class SqliteFanOut(StoreDatabase database, DatabaseClock clock, FanOutRows rows)
{
    internal static readonly SqlTemplate Find = new("""
        SELECT {Outbox.Number} FROM {Outbox} WHERE {Outbox.MessageId} = @id AND {Outbox.IsOrdered} = 0
        """);

    internal static readonly SqlTemplate Take = new("DELETE FROM {Outbox} WHERE {Outbox.Number} = @number");

    public Task<FanOutResult> FanOutPendingAsync(int maxMessages, FanOutPlanner planner, CancellationToken cancellationToken) =>
        FanOutAsync(
            async context =>
            {
                var first = await context.Set<OutboxEntity>()
                    .AsNoTracking()
                    .OrderBy(row => row.Number)
                    .Take(maxMessages)
                    .Join(context.Set<MessageEntity>(), row => row.MessageId, message => message.Id, (row, message) => new { row.Number, message })
                    .OrderBy(row => row.Number)
                    .ToListAsync(cancellationToken).ConfigureAwait(false);
                return first.ConvertAll(row => new TakenMessage(row.Number, row.message.ToMessage()));
            },
            planner,
            cancellationToken);

    public Task<FanOutResult> FanOutCommittedAsync(
        IReadOnlyDictionary<MessageId, WebhookMessage> committed, FanOutPlanner planner, CancellationToken cancellationToken) =>
        FanOutAsync(
            async context =>
            {
                await context.Database.OpenConnectionAsync(cancellationToken).ConfigureAwait(false);
                using var commands = new RowCommands(context);
                var found = new List<TakenMessage>(committed.Count);
                foreach (var message in committed.Values)
                {
                    var numbers = commands.Read(Find, reader => reader.GetInt64(0), ("@id", message.Id.Value.Stored()));
                    found.AddRange(numbers.ConvertAll(number => new TakenMessage(number, message)));
                }

                found.Sort(static (one, other) => one.Number.CompareTo(other.Number));
                return found;
            },
            planner,
            cancellationToken);

    private async Task<FanOutResult> FanOutAsync(
        Func<DbContext, Task<List<TakenMessage>>> find, FanOutPlanner planner, CancellationToken cancellationToken)
    {
        var (found, wanted) = await database.ReadAsync(async context =>
        {
            var found = await find(context).ConfigureAwait(false);
            var now = await clock.GetUtcNowAsync(context, cancellationToken).ConfigureAwait(false);
            var messages = found.ConvertAll(row => row.Message);
            var keys = await IdempotencyKeys.LoadAsync(context, messages, now, cancellationToken).ConfigureAwait(false);
            return (found, messages.FindAll(message => keys.FirstOf(message) is not { } first || first.MessageId == message.Id));
        }).ConfigureAwait(false);
        var planned = (wanted.Count == 0 ? [] : await planner(wanted, cancellationToken).ConfigureAwait(false))
            .ToLookup(delivery => delivery.MessageId);

        var written = new List<FanOutResult>();
        try
        {
            await database.WriteInTurnsAsync(
                TurnRows.Split(found, row => 1 + planned[row.Message.Id].Count()),
                (commands, now, turn, token) => rows.WriteAsync(
                    commands.Context,
                    [.. turn.Where(row => commands.Run(Take, ("@number", row.Number)) == 1)],
                    (messages, _) => new([.. messages.SelectMany(message => planned[message.Id])]),
                    now,
                    token),
                written,
                cancellationToken).ConfigureAwait(false);
        }
        catch when (written.Exists(turn => turn.Taken > 0))
        {
            // What is made leased already has to be sent; what is wrong shows again at the next call.
        }

        return new FanOutResult(
            [.. written.SelectMany(turn => turn.Messages)],
            [.. written.SelectMany(turn => turn.Deliveries)],
            written.Sum(turn => turn.Duplicates));
    }
}
