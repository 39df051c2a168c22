using Microsoft.EntityFrameworkCore;
using WebhookKit.EntityFrameworkCore.Dialects;
using WebhookKit.EntityFrameworkCore.Idempotency;
using WebhookKit.Outbox;
using WebhookKit.Rendering;

namespace WebhookKit.EntityFrameworkCore.Outbox;

/// <summary>The outbox in the host's own database.</summary>
internal sealed class EntityFrameworkOutboxStore(
    StoreDatabase database, OutboxStatements outbox, FanOutRows rows, SqliteFanOut sqlite) : IOutboxStore
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

        return await database.WriteForHostAsync(async (context, now, token) =>
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
        int maxMessages, FanOutPlanner planner, CancellationToken cancellationToken) =>
        database.Dialect == Dialect.Sqlite
            ? await sqlite.FanOutPendingAsync(maxMessages, planner, cancellationToken).ConfigureAwait(false)
            : await FanOutAsync(
                (context, token) => outbox.Current.TakePendingAsync(context, maxMessages, token), maxMessages, planner, cancellationToken)
                .ConfigureAwait(false);

    public async ValueTask<FanOutResult> FanOutCommittedAsync(
        IReadOnlyList<WebhookMessage> messages, FanOutPlanner planner, CancellationToken cancellationToken)
    {
        var committed = messages.ToDictionary(message => message.Id);
        return committed.Count == 0 ? FanOutResult.Empty
            : database.Dialect == Dialect.Sqlite
                ? await sqlite.FanOutCommittedAsync([.. committed.Values], planner, cancellationToken).ConfigureAwait(false)
            : await FanOutAsync(
                (context, token) => outbox.Current.TakeCommittedAsync(context, committed, token), messages.Count, planner, cancellationToken)
                .ConfigureAwait(false);
    }

    public async ValueTask<IReadOnlyList<WebhookMessage>> GetMessagesAsync(
        IReadOnlyCollection<MessageId> ids, CancellationToken cancellationToken) =>
        await database.ReadAsync(context => database.Dialect == Dialect.Sqlite
            ? ReadWithSqliteAsync(context, ids, cancellationToken)
            : ReadAsync(context, ids, cancellationToken)).ConfigureAwait(false);

    public async ValueTask<IReadOnlyList<MessageRendering>> GetRenderingsAsync(
        IReadOnlyCollection<MessageId> messageIds, CancellationToken cancellationToken)
    {
        var rows = await database.ReadAsync(context => context.Set<RenderingEntity>()
            .AsNoTracking()
            .Where(rendering => messageIds.Contains(rendering.MessageId))
            .ToListAsync(cancellationToken)).ConfigureAwait(false);
        return rows.ConvertAll(row => row.ToRendering());
    }

    public async ValueTask AddRenderingsAsync(IReadOnlyList<MessageRendering> renderings, CancellationToken cancellationToken)
    {
        await database.WriteAsync(async (context, _, token) =>
        {
            var ids = renderings.Select(rendering => rendering.MessageId).Distinct().Order().ToArray();
            var messages = context.Set<MessageEntity>().Where(message => ids.Contains(message.Id) && message.ErasedAt == null);
            if (database.Dialect != Dialect.Sqlite)
            {
                // Changes nothing but locks the messages, which are otherwise never written to: of this and an erasure, or
                // another node that adds the same, the later one sees what the earlier one did. SQLite has one writer anyway.
                await messages.ExecuteUpdateAsync(message => message.SetProperty(m => m.Origin, m => m.Origin), token).ConfigureAwait(false);
            }

            var known = await messages.Select(message => message.Id).ToListAsync(token).ConfigureAwait(false);
            var stored = await context.Set<RenderingEntity>()
                .Where(rendering => known.Contains(rendering.MessageId))
                .Select(rendering => new { rendering.MessageId, rendering.Format })
                .ToListAsync(token).ConfigureAwait(false);
            RenderingEntity[] missing =
            [
                .. renderings
                    .Where(rendering => known.Contains(rendering.MessageId) && !stored.Contains(new { rendering.MessageId, rendering.Format }))
                    .DistinctBy(rendering => (rendering.MessageId, rendering.Format))
                    .Select(RenderingEntity.From),
            ];
            await context.InsertRowsAsync(missing, token).ConfigureAwait(false);
            return true;
        }, cancellationToken).ConfigureAwait(false);
    }

    public async ValueTask<MessageId?> GetDuplicateOfAsync(MessageId id, CancellationToken cancellationToken) =>
        await database.ReadAsync(context => context.Set<MessageEntity>()
            .Where(message => message.Id == id)
            .Select(message => message.DuplicateOf)
            .FirstOrDefaultAsync(cancellationToken)).ConfigureAwait(false);

    private Task<FanOutResult> FanOutAsync(
        Func<DbContext, CancellationToken, Task<TakenMessages>> take,
        int fullBatch,
        FanOutPlanner planner,
        CancellationToken cancellationToken) =>
        database.WriteBegunAsync(
            async (context, token) =>
            {
                var taken = await take(context, token).ConfigureAwait(false);
                return await rows.WriteAsync(
                    context, taken.Rows, wanted => rows.PlanAsync(context, wanted, planner, token), taken.Now, token)
                    .ConfigureAwait(false);
            },
            result => result.Taken >= fullBatch,
            cancellationToken);

    private static async Task<List<WebhookMessage>> ReadWithSqliteAsync(
        DbContext context, IEnumerable<MessageId> ids, CancellationToken cancellationToken)
    {
        await context.Database.OpenConnectionAsync(cancellationToken).ConfigureAwait(false);
        using var commands = new RowCommands(context);
        return SqliteMessages.ReadAll(commands, ids);
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
