using WebhookKit.Outbox;
using WebhookKit.Publishing;

namespace WebhookKit.InMemory.Outbox;

/// <summary>Which message was the first with an idempotency key, and what it said.</summary>
internal sealed class IdempotencyKeyTable
{
    private readonly Dictionary<(string? TenantId, string Key), Entry> _entries = [];
    private readonly Queue<(DateTimeOffset ForgetAt, (string? TenantId, string Key) Key)> _byAge = [];

    public int Count => _entries.Count;

    /// <summary>Finds the first message with the same key.</summary>
    public Entry? Find(WebhookMessage message) =>
        message.IdempotencyKey is { } key ? _entries.GetValueOrDefault((message.TenantId, key)) : null;

    public void Remember(WebhookMessage message, DateTimeOffset now)
    {
        if (message.IdempotencyKey is { } key && _entries.TryAdd((message.TenantId, key), new Entry(message)))
        {
            _byAge.Enqueue((now + OutboxDefaults.IdempotencyKeyMemory, (message.TenantId, key)));
        }
    }

    /// <returns>How many keys were forgotten.</returns>
    public int Forget(DateTimeOffset now, int maxKeys = int.MaxValue)
    {
        var forgotten = 0;
        while (forgotten < maxKeys && _byAge.TryPeek(out var oldest) && oldest.ForgetAt <= now)
        {
            _byAge.Dequeue();
            _entries.Remove(oldest.Key);
            forgotten++;
        }

        return forgotten;
    }

    /// <summary>The message itself may be forgotten before its key, so what it said is kept as a hash.</summary>
    internal sealed class Entry(WebhookMessage first)
    {
        private readonly string _eventType = first.EventType;
        private readonly byte[] _payloadHash = EventHash.Compute(first);

        public MessageId MessageId { get; } = first.Id;

        public bool IsSameEvent(WebhookMessage message) =>
            message.EventType == _eventType && EventHash.Compute(message).AsSpan().SequenceEqual(_payloadHash);
    }
}
