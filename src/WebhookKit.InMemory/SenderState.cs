using WebhookKit.Deliveries;
using WebhookKit.InMemory.Deliveries;
using WebhookKit.InMemory.Endpoints;
using WebhookKit.InMemory.Outbox;

namespace WebhookKit.InMemory;

/// <summary>What the sender's stores share; everything in it is touched only under <see cref="Gate"/>.</summary>
/// <remarks>One gate stands for a database's transaction: a completion changes deliveries and endpoints at once.</remarks>
internal sealed class SenderState
{
    public Lock Gate { get; } = new();

    public MessageTable Messages { get; } = new();

    public DeliveryTable Deliveries { get; } = new();

    public Dictionary<RedeliveryId, RedeliveryRow> Redeliveries { get; } = [];

    public EndpointTable Endpoints { get; } = new();

    public RegistryTable Registry { get; } = new();

    /// <summary>Gives a pending delivery its final status; its message is owed one less.</summary>
    public void End(DeliveryRow delivery, DeliveryStatus status, DeliveryStatusReason reason, DateTimeOffset now)
    {
        Deliveries.TakeOut(delivery);
        delivery.End(status, reason, now);
        Deliveries.PutBack(delivery);
        if (Messages.Find(delivery.MessageId) is { } message)
        {
            message.PendingDeliveries--;
            Messages.OfferToForget(message);
        }
    }
}
