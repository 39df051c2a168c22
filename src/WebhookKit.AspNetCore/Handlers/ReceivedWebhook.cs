namespace WebhookKit;

/// <summary>A verified event as it was received.</summary>
public class ReceivedWebhook
{
    /// <summary>The name of the source it came from.</summary>
    public required string Source { get; init; }

    /// <summary>The sender's id of the event: what its claim is made from.</summary>
    public required string Id { get; init; }

    /// <summary>The event type as the sender wrote it.</summary>
    public required string EventType { get; init; }

    /// <summary>The signed time of this attempt.</summary>
    /// <value>Null where the provider signs none.</value>
    public DateTimeOffset? Timestamp { get; init; }

    /// <summary>Whose event it is.</summary>
    /// <value>Null: sources have no tenant.</value>
    public string? TenantId { get; init; }

    /// <summary>The exact bytes that were verified.</summary>
    /// <remarks>Valid until the handler returns: copy what is to be kept.</remarks>
    public required ReadOnlyMemory<byte> Payload { get; init; }
}
