using Microsoft.EntityFrameworkCore;
using WebhookKit.Deliveries;
using WebhookKit.EntityFrameworkCore.Deliveries;
using WebhookKit.EntityFrameworkCore.Dialects;
using WebhookKit.EntityFrameworkCore.Inbox;
using WebhookKit.EntityFrameworkCore.Outbox;
using WebhookKit.Inbox;
using WebhookKit.Retention;

namespace WebhookKit.EntityFrameworkCore.Retention;

/// <summary>Deletes what is finished from the host's own database.</summary>
/// <remarks>
/// Deliveries and messages are found by walking their primary keys, which are ordered by time: an index for it would be
/// paid by every publish and completion. A walk reads a page outside of any transaction and deletes by id and condition.
/// </remarks>
internal sealed class EntityFrameworkRetentionStore(StoreDatabase database, DatabaseClock clock) : IRetentionStore
{
    public async ValueTask<RetentionBatch<DeliveryId>> DeleteDeliveriesAsync(
        DeliveryRetention retention, DeliveryId? after, int maxDeliveries, CancellationToken cancellationToken)
    {
        if (retention.Shortest is not { } shortest)
        {
            return default;
        }

        // A delivery is made before it is finished: who was made since then is not finished long enough.
        var (page, isFull) = await ReadPageAsync(shortest, maxDeliveries, async (context, now, end, size) =>
        {
            var (first, last) = (after ?? default, new DeliveryId(end));
            var rows = await context.Set<DeliveryEntity>()
                .Where(delivery => delivery.Id.CompareTo(first) > 0 && delivery.Id.CompareTo(last) < 0)
                .OrderBy(delivery => delivery.Id)
                .Take(size)
                .Select(delivery => new { delivery.Id, delivery.Status, delivery.DueAt })
                .ToListAsync(cancellationToken).ConfigureAwait(false);
            return rows.ConvertAll(row => (row.Id, IsOld: row.DueAt <= now - retention.Of(row.Status)));
        }, cancellationToken).ConfigureAwait(false);

        DeliveryId[] old = [.. page.Where(row => row.IsOld).Select(row => row.Id)];
        var deleted = old.Length == 0 ? 0 : await database.WriteAsync(
            (context, now, token) => DeleteAsync(context, old, retention, now, token), cancellationToken).ConfigureAwait(false);
        return new RetentionBatch<DeliveryId>(deleted, isFull ? page[^1].Id : null);
    }

    public async ValueTask<RetentionBatch<MessageId>> DeleteMessagesAsync(
        TimeSpan olderThan, MessageId? after, int maxMessages, CancellationToken cancellationToken)
    {
        var (page, isFull) = await ReadPageAsync(olderThan, maxMessages, (context, _, end, size) =>
        {
            var (first, last) = (after ?? default, new MessageId(end));
            return context.Set<MessageEntity>()
                .Where(message => message.Id.CompareTo(first) > 0 && message.Id.CompareTo(last) < 0)
                .OrderBy(message => message.Id)
                .Take(size)
                .Select(message => message.Id)
                .ToListAsync(cancellationToken);
        }, cancellationToken).ConfigureAwait(false);

        // Once nothing needs a message nothing will: deliveries come only from its place in the outbox.
        var unneeded = await database.ReadAsync(context => Unneeded(context)
            .Where(message => page.Contains(message.Id))
            .Select(message => message.Id)
            .ToListAsync(cancellationToken)).ConfigureAwait(false);
        var deleted = unneeded.Count == 0 ? 0 : await database.WriteAsync(
            async (context, _, token) =>
            {
                // The messages first: who adds a rendering meanwhile locks its message, and finds none or is seen.
                var count = await context.Set<MessageEntity>()
                    .Where(message => unneeded.Contains(message.Id))
                    .ExecuteDeleteAsync(token).ConfigureAwait(false);
                await context.Set<RenderingEntity>()
                    .Where(rendering => unneeded.Contains(rendering.MessageId))
                    .ExecuteDeleteAsync(token).ConfigureAwait(false);
                return count;
            },
            cancellationToken).ConfigureAwait(false);
        return new RetentionBatch<MessageId>(deleted, isFull ? page[^1] : null);
    }

    public async ValueTask<int> DeleteExpiredKeysAsync(int maxKeys, CancellationToken cancellationToken)
    {
        return await database.WriteAsync(async (context, now, token) =>
        {
            var oldest = await context.Set<IdempotencyKeyEntity>()
                .Where(key => key.ExpiresAt <= now)
                .OrderBy(key => key.ExpiresAt)
                .Take(TurnSize.Limit(context, maxKeys))
                .Select(key => new { key.ExpiresAt, key.MessageId })
                .ToListAsync(token).ConfigureAwait(false);
            if (oldest.Count == 0)
            {
                return 0;
            }

            var (last, messages) = (oldest[^1].ExpiresAt, oldest.ConvertAll(key => key.MessageId));
            return await context.Set<IdempotencyKeyEntity>()
                .Where(key => key.ExpiresAt <= last && messages.Contains(key.MessageId))
                .ExecuteDeleteAsync(token).ConfigureAwait(false);
        }, cancellationToken).ConfigureAwait(false);
    }

    public async ValueTask<int> DeleteRedeliveriesAsync(TimeSpan olderThan, int maxRedeliveries, CancellationToken cancellationToken)
    {
        return await database.WriteAsync(async (context, now, token) =>
        {
            var before = now - olderThan;
            var oldest = await context.Set<RedeliveryEntity>()
                .Where(redelivery => redelivery.EndedAt <= before)
                .OrderBy(redelivery => redelivery.EndedAt)
                .Take(TurnSize.Limit(context, maxRedeliveries))
                .Select(redelivery => redelivery.Id)
                .ToListAsync(token).ConfigureAwait(false);
            return oldest.Count == 0 ? 0 : await context.Set<RedeliveryEntity>()
                .Where(redelivery => oldest.Contains(redelivery.Id))
                .ExecuteDeleteAsync(token).ConfigureAwait(false);
        }, cancellationToken).ConfigureAwait(false);
    }

    public async ValueTask<RetentionBatch<EndpointId>> DeleteEndpointsAsync(
        TimeSpan olderThan, EndpointId? after, int maxEndpoints, CancellationToken cancellationToken)
    {
        var before = default(DateTimeOffset);
        var (page, isFull) = await ReadPageAsync(olderThan, maxEndpoints, (context, now, _, size) =>
        {
            before = now - olderThan;
            return DeletedEndpoints.ReadAsync(context, after ?? default, before, size, cancellationToken);
        }, cancellationToken).ConfigureAwait(false);

        // Once none of its deliveries is left none will be there to stay: what a fan-out is making just now for an endpoint it
        // read before is canceled, for an endpoint without rows counts as deleted.
        var unneeded = page.Where(row => row.IsIdle && !row.Id.IsDeclared).Select(row => row.Id).ToHashSet();
        await DeletedEndpoints.KeepThoseWithDeliveriesAsync(database, unneeded, before, cancellationToken).ConfigureAwait(false);
        var deleted = unneeded.Count == 0 ? 0 : await database.WriteAsync(
            (context, _, token) => DeletedEndpoints.DeleteAsync(context, [.. unneeded], token), cancellationToken).ConfigureAwait(false);
        return new RetentionBatch<EndpointId>(deleted, isFull ? page[^1].Id : null);
    }

    public async ValueTask<int> DeleteInboxEntriesAsync(
        InboxStatus status, TimeSpan olderThan, int maxEntries, CancellationToken cancellationToken)
    {
        return await database.WriteAsync(async (context, now, token) =>
        {
            var before = now - olderThan;
            // Says again that it is not pending, in the words of the index.
            var finished = context.Set<InboxEntity>().Where(entry => entry.Status == status && entry.Status != InboxStatus.Pending);
            var oldest = await finished.Where(entry => entry.DueAt <= before)
                .OrderBy(entry => entry.DueAt)
                .Take(TurnSize.Limit(context, maxEntries))
                .Select(entry => new { entry.DueAt, entry.Key })
                .ToListAsync(token).ConfigureAwait(false);
            if (oldest.Count == 0)
            {
                return 0;
            }

            var (last, keys) = (oldest[^1].DueAt, oldest.ConvertAll(entry => entry.Key));
            return await finished.Where(entry => entry.DueAt <= last && keys.Contains(entry.Key))
                .ExecuteDeleteAsync(token).ConfigureAwait(false);
        }, cancellationToken).ConfigureAwait(false);
    }

    private async Task<(List<T> Rows, bool IsFull)> ReadPageAsync<T>(
        TimeSpan olderThan,
        int maxRows,
        Func<DbContext, DateTimeOffset, Guid, int, Task<List<T>>> read,
        CancellationToken cancellationToken) =>
        await database.ReadAsync(async context =>
        {
            var size = TurnSize.Limit(context, maxRows);
            var now = await clock.GetUtcNowAsync(context, cancellationToken).ConfigureAwait(false);
            var rows = await read(context, now, TimeOrderedId.EarliestAt(now - olderThan), size).ConfigureAwait(false);
            return (rows, rows.Count == size);
        }).ConfigureAwait(false);

    private static async Task<int> DeleteAsync(
        DbContext context, DeliveryId[] old, DeliveryRetention retention, DateTimeOffset now, CancellationToken cancellationToken)
    {
        // A redelivery may have begun since the page was read.
        var (succeeded, deadLettered) = (Cutoff(retention.Succeeded), Cutoff(retention.DeadLettered));
        var (skipped, canceled) = (Cutoff(retention.Skipped), Cutoff(retention.Canceled));
        var deleted = await context.Set<DeliveryEntity>()
            .Where(delivery => old.Contains(delivery.Id)
                && ((delivery.Status == DeliveryStatus.Succeeded && delivery.DueAt <= succeeded)
                    || (delivery.Status == DeliveryStatus.DeadLettered && delivery.DueAt <= deadLettered)
                    || (delivery.Status == DeliveryStatus.Skipped && delivery.DueAt <= skipped)
                    || (delivery.Status == DeliveryStatus.Canceled && delivery.DueAt <= canceled)))
            .ExecuteDeleteAsync(cancellationToken).ConfigureAwait(false);
        var kept = await context.Set<DeliveryEntity>()
            .Where(delivery => old.Contains(delivery.Id))
            .Select(delivery => delivery.Id)
            .ToListAsync(cancellationToken).ConfigureAwait(false);
        var gone = old.Except(kept).ToArray();
        await context.Set<AttemptEntity>()
            .Where(attempt => gone.Contains(attempt.DeliveryId))
            .ExecuteDeleteAsync(cancellationToken).ConfigureAwait(false);
        return deleted;

        DateTimeOffset Cutoff(TimeSpan? age) => age is null ? DateTimeOffset.UnixEpoch : now - age.Value;
    }

    private static IQueryable<MessageEntity> Unneeded(DbContext context) =>
        context.Set<MessageEntity>().Where(message =>
            !context.Set<DeliveryEntity>().Any(delivery => delivery.MessageId == message.Id)
            && !context.Set<OutboxEntity>().Any(row => row.MessageId == message.Id)
            && !context.Set<MessageEntity>().Any(duplicate => duplicate.DuplicateOf == message.Id));
}
