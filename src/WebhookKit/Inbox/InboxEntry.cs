using WebhookKit.Idempotency;

namespace WebhookKit.Inbox;

/// <summary>A verified event, kept until it has been handled.</summary>
public sealed record InboxEntry
{
    /// <summary>What makes it the same event; also names source and tenant.</summary>
    public required WebhookClaim Claim { get; init; }

    /// <summary>The event type as the source names it.</summary>
    public required string EventType { get; init; }

    /// <summary>The media type of the payload, as received.</summary>
    public string? ContentType { get; init; }

    /// <summary>The bytes as received.</summary>
    public required ReadOnlyMemory<byte> Payload { get; init; }
}
