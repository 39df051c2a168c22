using Microsoft.Extensions.Options;
using WebhookKit.Deliveries;
using WebhookKit.InMemory.Outbox;
using WebhookKit.Outbox;

namespace WebhookKit.InMemory.Deliveries;

/// <summary>Cancels messages in memory.</summary>
internal sealed class InMemoryCancellationStore(SenderState state, TimeProvider timeProvider, IOptions<InMemoryStoreOptions> options)
    : ICancellationStore
{
    private readonly InMemoryOutboxStore _outbox = new(state, timeProvider, options);

    public ValueTask<CanceledDeliveries?> CancelAsync(MessageId id, FanOutPlanner planner, CancellationToken cancellationToken)
    {
        lock (state.Gate)
        {
            if (state.Messages.Find(id) is not { } message)
            {
                return ValueTask.FromResult<CanceledDeliveries?>(null);
            }

            var made = message.IsWaiting ? _outbox.FanOut(message, planner, cancellationToken).Deliveries.Count : 0;
            DeliveryRow[] pending = [.. message.Deliveries.Where(delivery => delivery.Status == DeliveryStatus.Pending)];
            foreach (var delivery in pending)
            {
                state.End(delivery, DeliveryStatus.Canceled, DeliveryStatusReason.ByUser, timeProvider.GetUtcNow());
            }

            var canceled = made + pending.Length;
            return ValueTask.FromResult<CanceledDeliveries?>(new(canceled, message.Deliveries.Count - canceled));
        }
    }
}
