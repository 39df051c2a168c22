using Microsoft.EntityFrameworkCore;
using WebhookKit.Deliveries;
using WebhookKit.EntityFrameworkCore.Deliveries;
using WebhookKit.EntityFrameworkCore.Dialects;
using WebhookKit.EntityFrameworkCore.Idempotency;
using WebhookKit.Identifiers;
using WebhookKit.Outbox;

namespace WebhookKit.EntityFrameworkCore.Outbox;

/// <summary>The outbox in the host's own database.</summary>
internal sealed class EntityFrameworkOutboxStore(StoreDatabase database, IdGenerator ids) : IOutboxStore
{
    public async ValueTask<IReadOnlyList<MessageId>> AppendAsync(
        IReadOnlyList<WebhookMessage> messages, CancellationToken cancellationToken)
    {
        if (HandlerScope.IsActive)
        {
            // It would commit although the handler fails, and on SQLite wait for the lock that the handler holds.
            throw new WebhookException(
                "PublishAsync inside a handler would not share its transaction. Publish with db.PublishWebhook(…) on the handler's "
                + "own context: the message then commits together with the claim and the handler's rows.");
        }

        return await database.WriteAsync(async (context, now, token) =>
        {
            var keys = await IdempotencyKeys.LoadAsync(context, messages, now, token).ConfigureAwait(false);
            var stored = new List<WebhookMessage>(messages.Count);
            var standing = new MessageId[messages.Count];
            for (var i = 0; i < messages.Count; i++)
            {
                var first = keys.FirstOf(messages[i]);
                standing[i] = first?.MessageId ?? messages[i].Id;
                if (first is null || first.MessageId == messages[i].Id)
                {
                    stored.Add(messages[i]);
                }
                else if (!keys.IsSameEvent(messages[i], first))
                {
                    throw new IdempotencyKeyReusedException(messages[i].IdempotencyKey!, first.MessageId);
                }
            }

            await keys.SaveAsync(context, token).ConfigureAwait(false);
            await context.InsertRowsAsync(stored.ConvertAll(MessageEntity.From), token).ConfigureAwait(false);
            await context.InsertRowsAsync(stored.ConvertAll(OutboxEntity.From), token).ConfigureAwait(false);
            return standing;
        }, cancellationToken).ConfigureAwait(false);
    }

    public async ValueTask<FanOutResult> FanOutPendingAsync(
        int maxMessages, FanOutPlanner planner, CancellationToken cancellationToken)
    {
        var candidates = await database.ReadAsync(context => context.Set<OutboxEntity>()
            .OrderBy(row => row.MessageId)
            .Select(row => row.MessageId)
            .Take(maxMessages)
            .ToListAsync(cancellationToken)).ConfigureAwait(false);
        return await FanOutAsync(candidates, known: null, planner, cancellationToken).ConfigureAwait(false);
    }

    public async ValueTask<FanOutResult> FanOutCommittedAsync(
        IReadOnlyList<WebhookMessage> messages, FanOutPlanner planner, CancellationToken cancellationToken)
    {
        var known = messages.ToDictionary(message => message.Id);
        return await FanOutAsync(known.Keys, known, planner, cancellationToken).ConfigureAwait(false);
    }

    public async ValueTask<IReadOnlyList<WebhookMessage>> GetMessagesAsync(
        IReadOnlyCollection<MessageId> ids, CancellationToken cancellationToken) =>
        await database.ReadAsync(context => ReadAsync(context, ids, cancellationToken)).ConfigureAwait(false);

    public async ValueTask<MessageId?> GetDuplicateOfAsync(MessageId id, CancellationToken cancellationToken) =>
        await database.ReadAsync(context => context.Set<MessageEntity>()
            .Where(message => message.Id == id)
            .Select(message => message.DuplicateOf)
            .FirstOrDefaultAsync(cancellationToken)).ConfigureAwait(false);

    private async Task<FanOutResult> FanOutAsync(
        IReadOnlyCollection<MessageId> candidates,
        Dictionary<MessageId, WebhookMessage>? known,
        FanOutPlanner planner,
        CancellationToken cancellationToken)
    {
        if (candidates.Count == 0)
        {
            return FanOutResult.Empty;
        }

        var mine = ids.NewLeaseId();
        return await database.WriteAsync(async (context, now, token) =>
        {
            // An update shows which rows this node won on any database; a delete could only count them.
            await context.Set<OutboxEntity>()
                .Where(row => candidates.Contains(row.MessageId) && row.LeaseId == null)
                .ExecuteUpdateAsync(row => row.SetProperty(r => r.LeaseId, mine), token).ConfigureAwait(false);
            var won = await context.Set<OutboxEntity>()
                .Where(row => row.LeaseId == mine)
                .OrderBy(row => row.MessageId)
                .Select(row => row.MessageId)
                .ToListAsync(token).ConfigureAwait(false);
            if (won.Count == 0)
            {
                return FanOutResult.Empty;
            }

            var messages = known is null
                ? await ReadAsync(context, won, token).ConfigureAwait(false)
                : won.ConvertAll(id => known[id]);
            var keys = await IdempotencyKeys.LoadAsync(context, messages, now, token).ConfigureAwait(false);
            var wanted = await NameDuplicatesAsync(context, keys, messages, token).ConfigureAwait(false);
            await keys.SaveAsync(context, token).ConfigureAwait(false);

            var deliveries = wanted.Count == 0 ? [] : await planner(wanted, token).ConfigureAwait(false);
            await context.InsertRowsAsync(
                deliveries.Select(delivery => DeliveryEntity.From(delivery, now)).ToArray(), token).ConfigureAwait(false);
            await context.Set<OutboxEntity>()
                .Where(row => row.LeaseId == mine)
                .ExecuteDeleteAsync(token).ConfigureAwait(false);
            return new FanOutResult(wanted, deliveries, messages.Count - wanted.Count);
        }, cancellationToken).ConfigureAwait(false);
    }

    private static async Task<List<WebhookMessage>> NameDuplicatesAsync(
        DbContext context, IdempotencyKeys keys, IReadOnlyList<WebhookMessage> messages, CancellationToken cancellationToken)
    {
        var wanted = new List<WebhookMessage>(messages.Count);
        foreach (var message in messages)
        {
            if (keys.FirstOf(message) is not { } first || first.MessageId == message.Id)
            {
                wanted.Add(message);
                continue;
            }

            await context.Set<MessageEntity>()
                .Where(row => row.Id == message.Id)
                .ExecuteUpdateAsync(row => row.SetProperty(r => r.DuplicateOf, first.MessageId), cancellationToken)
                .ConfigureAwait(false);
        }

        return wanted;
    }

    private static async Task<List<WebhookMessage>> ReadAsync(
        DbContext context, IReadOnlyCollection<MessageId> ids, CancellationToken cancellationToken)
    {
        var rows = await context.Set<MessageEntity>()
            .AsNoTracking()
            .Where(message => ids.Contains(message.Id) && message.ErasedAt == null)
            .OrderBy(message => message.Id)
            .ToListAsync(cancellationToken).ConfigureAwait(false);
        return rows.ConvertAll(row => row.ToMessage());
    }
}
