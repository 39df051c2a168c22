using Microsoft.EntityFrameworkCore;
using WebhookKit.Deliveries;
using WebhookKit.EntityFrameworkCore.Dialects;
using WebhookKit.EntityFrameworkCore.Outbox;
using WebhookKit.Outbox;

namespace WebhookKit.EntityFrameworkCore.Deliveries;

/// <summary>Cancels messages in the host's own database.</summary>
internal sealed class EntityFrameworkCancellationStore(StoreDatabase database, DeliveryStatements statements, FanOutRows rows)
    : ICancellationStore
{
    public async ValueTask<CanceledDeliveries?> CancelAsync(MessageId id, FanOutPlanner planner, CancellationToken cancellationToken) =>
        await database.WriteForHostAsync<CanceledDeliveries?>(async (context, now, token) =>
        {
            // First, so that it waits for a fan-out that has just taken the message and then sees its deliveries.
            var taken = await context.Set<OutboxEntity>().Where(row => row.MessageId == id).ExecuteDeleteAsync(token).ConfigureAwait(false);
            var message = await context.Set<MessageEntity>().AsNoTracking()
                .SingleOrDefaultAsync(message => message.Id == id, token).ConfigureAwait(false);
            if (message is null)
            {
                return null;
            }

            var known = await context.Set<DeliveryEntity>()
                .Where(delivery => delivery.MessageId == id)
                .OrderBy(delivery => delivery.Id)
                .Select(delivery => delivery.Id)
                .ToArrayAsync(token).ConfigureAwait(false);
            var canceled = 0;
            foreach (var some in known.Chunk(PendingDeliveries.MaxAtOnce))
            {
                canceled += await PendingDeliveries.CancelAsync(
                    context, statements.Current, some, DeliveryStatusReason.ByUser, includesSkipped: false, now, token).ConfigureAwait(false);
            }

            var alreadyFinal = known.Length - canceled;
            if (taken > 0)
            {
                // Canceled ones stand in no line: the number that the message had there is of no account.
                var made = await rows.WriteAsync(
                    context,
                    [new TakenMessage(0, message.ToMessage())],
                    wanted => rows.PlanAsync(context, wanted, planner, token),
                    now,
                    token).ConfigureAwait(false);
                canceled += made.Deliveries.Count;
            }

            return new CanceledDeliveries(canceled, alreadyFinal);
        }, cancellationToken).ConfigureAwait(false);
}
