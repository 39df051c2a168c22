using WebhookKit.InMemory.Deliveries;
using WebhookKit.Rendering;

namespace WebhookKit.InMemory.Outbox;

/// <summary>A message with its place in the outbox and its deliveries.</summary>
internal sealed class MessageRow(WebhookMessage message, DateTimeOffset storedAt)
{
    /// <summary>Its place in the outbox, in the order in which messages were stored; null once it is fanned out.</summary>
    public LinkedListNode<MessageRow>? Place { get; set; }

    public bool IsWaiting => Place is not null;

    public WebhookMessage Message { get; private set; } = message;

    public DateTimeOffset StoredAt { get; } = storedAt;

    public DateTimeOffset? ErasedAt { get; private set; }

    public MessageId? DuplicateOf { get; set; }

    public List<DeliveryRow> Deliveries { get; } = new(1);

    /// <summary>The message in the payload formats that its deliveries have.</summary>
    public IReadOnlyList<MessageRendering> Renderings { get; private set; } = [];

    /// <summary>How many of <see cref="Deliveries"/> have no final status.</summary>
    public int PendingDeliveries { get; set; }

    /// <summary>Keeps a rendering, unless there is one in its format, or the message is erased.</summary>
    public void Add(MessageRendering rendering)
    {
        if (ErasedAt is null && !Renderings.Any(one => one.Format == rendering.Format))
        {
            Renderings = [.. Renderings, rendering];
        }
    }

    public void Erase(DateTimeOffset now)
    {
        ErasedAt ??= now;
        Message = Message with { Payload = default, OrderingKey = null, IdempotencyKey = null, TraceParent = null };
        Renderings = [];
    }
}
