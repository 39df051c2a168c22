using Microsoft.EntityFrameworkCore;
using WebhookKit.Deliveries;
using WebhookKit.EntityFrameworkCore.Deliveries;
using WebhookKit.EntityFrameworkCore.Inbox;
using WebhookKit.EntityFrameworkCore.Outbox;
using WebhookKit.Erasure;

namespace WebhookKit.EntityFrameworkCore.Erasure;

/// <summary>Erases messages and everything that hangs on them, in the caller's transaction.</summary>
internal static class MessageErasure
{
    public static async Task<ErasureProgress> EraseAsync(
        DbContext context,
        IDeliveryStatements statements,
        IReadOnlyList<MessageId> messages,
        DateTimeOffset now,
        CancellationToken cancellationToken)
    {
        if (messages.Count == 0)
        {
            return default;
        }

        // First, so that it waits for a fan-out that has just taken one of them and then sees its deliveries.
        await context.Set<OutboxEntity>()
            .Where(row => messages.Contains(row.MessageId))
            .ExecuteDeleteAsync(cancellationToken).ConfigureAwait(false);
        var erased = await context.Set<MessageEntity>()
            .Where(message => messages.Contains(message.Id) && message.ErasedAt == null)
            .ExecuteUpdateAsync(
                message => message
                    .SetProperty(m => m.Payload, Array.Empty<byte>())
                    .SetProperty(m => m.OrderingKey, (string?)null)
                    .SetProperty(m => m.IdempotencyKey, (string?)null)
                    .SetProperty(m => m.TraceParent, (string?)null)
                    .SetProperty(m => m.ErasedAt, now),
                cancellationToken).ConfigureAwait(false);

        await context.Set<RenderingEntity>()
            .Where(rendering => messages.Contains(rendering.MessageId))
            .ExecuteDeleteAsync(cancellationToken).ConfigureAwait(false);

        var deliveries = await context.Set<DeliveryEntity>()
            .Where(delivery => messages.Contains(delivery.MessageId))
            .OrderBy(delivery => delivery.Id)
            .Select(delivery => delivery.Id)
            .ToListAsync(cancellationToken).ConfigureAwait(false);
        var canceled = 0;
        foreach (var some in deliveries.Chunk(PendingDeliveries.MaxAtOnce))
        {
            canceled += await CancelAsync(context, statements, some, now, cancellationToken).ConfigureAwait(false);
            await context.Set<AttemptEntity>()
                .Where(attempt => some.Contains(attempt.DeliveryId))
                .ExecuteUpdateAsync(
                    attempt => attempt.SetProperty(a => a.Response, Array.Empty<byte>()).SetProperty(a => a.Error, (string?)null),
                    cancellationToken).ConfigureAwait(false);
        }

        var ids = messages.Select(message => message.ToString()).ToArray();
        var copies = context.Set<InboxEntity>().Where(entry => ids.Contains(entry.Key) && entry.ErasedAt == null);
        return new ErasureProgress(
            Messages: erased,
            CanceledDeliveries: canceled,
            InboxEntries: await InboxErasure.EraseAsync(copies, now, cancellationToken).ConfigureAwait(false));
    }

    private static async Task<int> CancelAsync(
        DbContext context,
        IDeliveryStatements statements,
        DeliveryId[] deliveries,
        DateTimeOffset now,
        CancellationToken cancellationToken)
    {
        var canceled = await PendingDeliveries.CancelAsync(
            context, statements, deliveries, DeliveryStatusReason.Erased, includesSkipped: true, now, cancellationToken).ConfigureAwait(false);

        // All of them, also the finished ones: late attempts are recorded before this or after it, see LateAttempts.
        await context.Set<DeliveryEntity>()
            .Where(delivery => deliveries.Contains(delivery.Id))
            .ExecuteUpdateAsync(delivery => delivery.SetProperty(d => d.OrderingKey, (string?)null), cancellationToken)
            .ConfigureAwait(false);
        return canceled;
    }
}
