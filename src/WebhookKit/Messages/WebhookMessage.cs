namespace WebhookKit;

/// <summary>The immutable unit made from an event: what is signed and sent, the same bytes on every attempt.</summary>
public sealed record WebhookMessage
{
    /// <summary>The id, sent as <c>webhook-id</c>.</summary>
    public required MessageId Id { get; init; }

    /// <summary>Whose message it is, or <see langword="null"/>: such a message goes to endpoints without a tenant.</summary>
    public string? TenantId { get; init; }

    /// <summary>The dotted name of the event type, for example <c>invoice.paid</c>.</summary>
    public required string EventType { get; init; }

    /// <summary>The media type of the payload.</summary>
    /// <value>Default: <c>application/json</c>.</value>
    public string ContentType { get; init; } = MessageDefaults.ContentType;

    /// <summary>The exact bytes that are signed and sent.</summary>
    public required ReadOnlyMemory<byte> Payload { get; init; }

    /// <summary>When the event happened in the publisher's domain.</summary>
    public required DateTimeOffset OccurredAt { get; init; }

    /// <summary>Not to be sent before this instant; <see langword="null"/> means at once.</summary>
    public DateTimeOffset? DeliverAt { get; init; }

    /// <summary>The one endpoint it is meant for; <see langword="null"/> means every subscribed endpoint of the tenant.</summary>
    public EndpointId? TargetEndpointId { get; init; }

    /// <summary>Messages with the same key keep their order at endpoints that ask for it.</summary>
    public string? OrderingKey { get; init; }

    /// <summary>The publisher's own key: a second message of the tenant with the same key is not delivered.</summary>
    public string? IdempotencyKey { get; init; }

    /// <summary>Why the message exists.</summary>
    public MessageOrigin Origin { get; init; }

    /// <summary>The W3C <c>traceparent</c> of the publishing operation, or <see langword="null"/>.</summary>
    public string? TraceParent { get; init; }
}
