using WebhookKit.InMemory.Deliveries;

namespace WebhookKit.InMemory.Outbox;

/// <summary>A message with its place in the outbox and its deliveries.</summary>
internal sealed class MessageRow(WebhookMessage message)
{
    public WebhookMessage Message { get; } = message;

    public MessageId? DuplicateOf { get; set; }

    public List<DeliveryRow> Deliveries { get; } = [];

    /// <summary>How many of <see cref="Deliveries"/> have no final status.</summary>
    public int PendingDeliveries { get; set; }
}
