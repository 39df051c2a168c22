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

    /// <summary>Entries of the same source and tenant with the same key are handled one after the other, in the order they came.</summary>
    /// <value>Default: <see langword="null"/>, in no order. At most 128 characters.</value>
    public string? OrderingKey { get; init; }

    /// <summary>The signed time of the request it came with.</summary>
    /// <value>Default: <see langword="null"/>, the provider signs none.</value>
    public DateTimeOffset? SignedAt { get; init; }

    /// <summary>The bytes as received.</summary>
    public required ReadOnlyMemory<byte> Payload { get; init; }
}
