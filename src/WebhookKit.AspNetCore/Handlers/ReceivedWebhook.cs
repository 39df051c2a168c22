namespace WebhookKit;

/// <summary>A verified event as it was received.</summary>
public class ReceivedWebhook
{
    /// <summary>The name of the source it came from.</summary>
    public required string Source { get; init; }

    /// <summary>The event's claim key: the sender's id of it, or a hash where there is none that can be trusted.</summary>
    public required string Id { get; init; }

    /// <summary>The event type as the sender wrote it.</summary>
    public required string EventType { get; init; }

    /// <summary>The signed time of this attempt.</summary>
    /// <value>Null where the provider signs none.</value>
    public DateTimeOffset? Timestamp { get; init; }

    /// <summary>Whose event it is.</summary>
    /// <value>Null: sources have no tenant.</value>
    public string? TenantId { get; init; }

    /// <summary>The media type of the payload, as received.</summary>
    /// <value>Null when the sender named none.</value>
    public string? ContentType { get; init; }

    /// <summary>The exact bytes that were verified; of several events in one request, those of this one.</summary>
    /// <remarks>Valid until the handler returns: copy what is to be kept.</remarks>
    public required ReadOnlyMemory<byte> Payload { get; init; }
}
