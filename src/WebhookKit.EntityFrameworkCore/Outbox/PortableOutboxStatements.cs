using Microsoft.EntityFrameworkCore;
using WebhookKit.EntityFrameworkCore.Dialects;
using WebhookKit.Identifiers;

namespace WebhookKit.EntityFrameworkCore.Outbox;

/// <summary>Takes messages by LINQ that every relational provider translates.</summary>
internal sealed class PortableOutboxStatements(IdGenerator ids, DatabaseClock clock) : IOutboxStatements
{
    public async Task<TakenMessages> TakePendingAsync(
        DbContext context, int maxMessages, CancellationToken cancellationToken)
    {
        var now = await clock.BeginAsync(context, cancellationToken).ConfigureAwait(false);
        var first = await context.Set<OutboxEntity>()
            .OrderBy(row => row.Number)
            .Select(row => row.Number)
            .Take(maxMessages)
            .ToListAsync(cancellationToken).ConfigureAwait(false);
        var won = await TakeAsync(
            context, context.Set<OutboxEntity>().Where(row => first.Contains(row.Number)), cancellationToken).ConfigureAwait(false);
        if (won.Count == 0)
        {
            return new TakenMessages(now, []);
        }

        var messageIds = won.ConvertAll(row => row.MessageId);
        var messages = await context.Set<MessageEntity>()
            .AsNoTracking()
            .Where(message => messageIds.Contains(message.Id))
            .ToDictionaryAsync(message => message.Id, cancellationToken).ConfigureAwait(false);
        return new TakenMessages(
            now,
            [
                .. won
                    .Where(row => messages.ContainsKey(row.MessageId))
                    .Select(row => new TakenMessage(row.Number, messages[row.MessageId].ToMessage())),
            ]);
    }

    public async Task<TakenMessages> TakeCommittedAsync(
        DbContext context, IReadOnlyDictionary<MessageId, WebhookMessage> committed, CancellationToken cancellationToken)
    {
        var now = await clock.BeginAsync(context, cancellationToken).ConfigureAwait(false);
        var messageIds = committed.Keys.ToArray();
        var won = await TakeAsync(
            context,
            context.Set<OutboxEntity>().Where(row => messageIds.Contains(row.MessageId)),
            cancellationToken).ConfigureAwait(false);
        return new TakenMessages(now, won.ConvertAll(row => new TakenMessage(row.Number, committed[row.MessageId])));
    }

    // An update shows which rows this node won on any database, waiting for a node that holds them; a delete could only
    // count them.
    private async Task<List<OutboxEntity>> TakeAsync(
        DbContext context, IQueryable<OutboxEntity> candidates, CancellationToken cancellationToken)
    {
        var mine = ids.NewLeaseId();
        await candidates
            .Where(row => row.LeaseId == null)
            .ExecuteUpdateAsync(row => row.SetProperty(r => r.LeaseId, mine), cancellationToken).ConfigureAwait(false);
        var won = await context.Set<OutboxEntity>()
            .AsNoTracking()
            .Where(row => row.LeaseId == mine)
            .OrderBy(row => row.Number)
            .ToListAsync(cancellationToken).ConfigureAwait(false);
        await context.Set<OutboxEntity>()
            .Where(row => row.LeaseId == mine)
            .ExecuteDeleteAsync(cancellationToken).ConfigureAwait(false);
        return won;
    }
}
