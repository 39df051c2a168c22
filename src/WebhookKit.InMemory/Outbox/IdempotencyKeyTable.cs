using System.Security.Cryptography;
using System.Text;
using WebhookKit.Outbox;
using WebhookKit.Publishing;

namespace WebhookKit.InMemory.Outbox;

/// <summary>Which message was the first with an idempotency key, and what it said.</summary>
/// <remarks>A key is known by its hash: it may name a person, and outlives an erasure.</remarks>
internal sealed class IdempotencyKeyTable
{
    private readonly Dictionary<(string? TenantId, string KeyHash), Entry> _entries = [];
    private readonly Queue<(DateTimeOffset ForgetAt, (string? TenantId, string KeyHash) Key)> _byAge = [];

    public int Count => _entries.Count;

    /// <summary>Finds the first message with the same key.</summary>
    public Entry? Find(WebhookMessage message) =>
        message.IdempotencyKey is { } key ? _entries.GetValueOrDefault((message.TenantId, HashOf(key))) : null;

    public void Remember(WebhookMessage message, DateTimeOffset now)
    {
        if (message.IdempotencyKey is not { } key)
        {
            return;
        }

        var hashed = (message.TenantId, HashOf(key));
        if (_entries.TryAdd(hashed, new Entry(message)))
        {
            _byAge.Enqueue((now + OutboxDefaults.IdempotencyKeyMemory, hashed));
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

    private static string HashOf(string key) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(key)));

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
