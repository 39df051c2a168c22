using Microsoft.EntityFrameworkCore;
using WebhookKit.Deliveries;
using WebhookKit.EntityFrameworkCore.Deliveries;
using WebhookKit.EntityFrameworkCore.Outbox;

namespace WebhookKit.EntityFrameworkCore.Erasure;

/// <summary>Keeps attempts that were in flight while their message was erased from bringing content back.</summary>
internal static class LateAttempts
{
    /// <summary>Takes response and error off the attempts whose message is erased; to be recorded in the same transaction.</summary>
    public static async Task<List<DeliveryCompletion>> WithoutErasedContentAsync(
        DbContext context, List<DeliveryCompletion> late, CancellationToken cancellationToken)
    {
        if (late.Count == 0)
        {
            return late;
        }

        // Changes nothing but locks the rows that an erasure updates: one of the two sees what the other has done.
        var deliveries = late.Select(completion => completion.Delivery.Id).Order().ToArray();
        await context.Set<DeliveryEntity>()
            .Where(delivery => deliveries.Contains(delivery.Id))
            .ExecuteUpdateAsync(delivery => delivery.SetProperty(d => d.Leases, d => d.Leases), cancellationToken)
            .ConfigureAwait(false);

        var messages = late.Select(completion => completion.Delivery.MessageId).Distinct().ToArray();
        var erased = await context.Set<MessageEntity>()
            .Where(message => messages.Contains(message.Id) && message.ErasedAt != null)
            .Select(message => message.Id)
            .ToListAsync(cancellationToken).ConfigureAwait(false);
        return late.ConvertAll(completion => erased.Contains(completion.Delivery.MessageId)
            ? completion with { Attempt = completion.Attempt! with { Response = default, Error = null } }
            : completion);
    }
}
