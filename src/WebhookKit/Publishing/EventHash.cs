using System.Security.Cryptography;
using System.Text;

namespace WebhookKit.Publishing;

/// <summary>Tells whether two messages with one idempotency key say the same.</summary>
public static class EventHash
{
    /// <summary>Computes the SHA-256 of what a message says: its payload, without the instant that a typed publish wrote into it.</summary>
    /// <remarks>A caller who lost the answer publishes the same data again, but not at the same instant.</remarks>
    public static byte[] Compute(WebhookMessage message)
    {
        ArgumentNullException.ThrowIfNull(message);
        var head = Encoding.UTF8.GetBytes(
            $$"""{"type":"{{message.EventType}}","timestamp":"{{MessageFactory.FormatTimestamp(message.OccurredAt)}}","data":""");
        var payload = message.Payload.Span;
        return SHA256.HashData(payload.StartsWith(head) ? payload[head.Length..] : payload);
    }
}
