namespace WebhookKit.Deliveries;

/// <summary>The duty to bring one message to one endpoint, as it stands in the store.</summary>
public sealed record Delivery
{
    /// <summary>The id.</summary>
    public required DeliveryId Id { get; init; }

    /// <summary>The message.</summary>
    public required MessageId MessageId { get; init; }

    /// <summary>Where to.</summary>
    public required EndpointId EndpointId { get; init; }

    /// <summary>Where it stands.</summary>
    public required DeliveryStatus Status { get; init; }

    /// <summary>Why, for a final status.</summary>
    public DeliveryStatusReason Reason { get; init; }

    /// <summary>The format it is rendered in, the same for every attempt; <see langword="null"/>: the message's own payload is sent.</summary>
    public string? PayloadFormat { get; init; }

    /// <summary>Attempts completed in this cycle.</summary>
    public int Attempts { get; init; }

    /// <summary>When it is meant to be sent next, by the store's clock; <see langword="null"/> with a final status.</summary>
    public DateTimeOffset? NextAttemptAt { get; init; }
}
