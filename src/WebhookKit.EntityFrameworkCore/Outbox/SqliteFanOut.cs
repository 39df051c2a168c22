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
    public Task<FanOutResult> FanOutPendingAsync(int maxMessages, FanOutPlanner planner, CancellationToken cancellationToken) =>
        FanOutAsync(commands => SqliteOutbox.ReadFirst(commands, maxMessages), planner, cancellationToken);

    public Task<FanOutResult> FanOutCommittedAsync(
        IReadOnlyList<WebhookMessage> committed, FanOutPlanner planner, CancellationToken cancellationToken) =>
        FanOutAsync(commands => SqliteOutbox.FindAll(commands, committed), planner, cancellationToken);

    private async Task<FanOutResult> FanOutAsync(
        Func<RowCommands, List<TakenMessage>> find, FanOutPlanner planner, CancellationToken cancellationToken)
    {
        var (found, planned) = await database.ReadAsync(async context =>
        {
            await context.Database.OpenConnectionAsync(cancellationToken).ConfigureAwait(false);
            using var commands = new RowCommands(context);
            var found = find(commands);
            var now = await clock.GetUtcNowAsync(context, cancellationToken).ConfigureAwait(false);
            var messages = found.ConvertAll(row => row.Message);
            var keys = await IdempotencyKeys.LoadAsync(context, messages, now, cancellationToken).ConfigureAwait(false);
            var wanted = messages.FindAll(message => keys.FirstOf(message) is not { } first || first.MessageId == message.Id);
            var made = await rows.PlanAsync(context, wanted, planner, cancellationToken).ConfigureAwait(false);
            return (found, made.ToLookup(delivery => delivery.MessageId));
        }, read => read.found.Count > 0).ConfigureAwait(false);

        var written = new List<FanOutResult>();
        try
        {
            await database.WriteInTurnsAsync(
                TurnParts.Split(found, row => 1 + planned[row.Message.Id].Count()),
                (commands, now, part, token) => rows.WriteAsync(
                    commands.Context,
                    SqliteOutbox.Delete(commands, part),
                    messages => Task.FromResult<IReadOnlyList<NewDelivery>>([.. messages.SelectMany(message => planned[message.Id])]),
                    now,
                    token),
                written,
                cancellationToken).ConfigureAwait(false);
        }
        catch when (written.Exists(part => part.Taken > 0))
        {
            // What is made leased already has to be sent; what is wrong shows again at the next call.
        }

        return new FanOutResult(
            [.. written.SelectMany(part => part.Messages)],
            [.. written.SelectMany(part => part.Deliveries)],
            written.Sum(part => part.Duplicates));
    }
}
