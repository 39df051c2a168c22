using WebhookKit.InMemory.Deliveries;

namespace WebhookKit.InMemory.Outbox;

/// <summary>A message with its place in the outbox and its deliveries.</summary>
internal sealed class MessageRow(WebhookMessage message, long number, DateTimeOffset storedAt)
{
    /// <summary>Its place in the outbox, in the order in which messages were stored.</summary>
    public long Number { get; } = number;

    public WebhookMessage Message { get; private set; } = message;

    public DateTimeOffset StoredAt { get; } = storedAt;

    public DateTimeOffset? ErasedAt { get; private set; }

    public MessageId? DuplicateOf { get; set; }

    public List<DeliveryRow> Deliveries { get; } = [];

    /// <summary>How many of <see cref="Deliveries"/> have no final status.</summary>
    public int PendingDeliveries { get; set; }

    public void Erase(DateTimeOffset now)
    {
        ErasedAt ??= now;
        Message = Message with { Payload = default, OrderingKey = null, IdempotencyKey = null, TraceParent = null };
    }
}
