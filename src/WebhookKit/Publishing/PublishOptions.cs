namespace WebhookKit;

/// <summary>What a publisher may say about one message beside its data.</summary>
public sealed record PublishOptions
{
    internal static PublishOptions None { get; } = new();

    /// <summary>Whose message it is: it goes to that tenant's endpoints. At most 128 characters.</summary>
    /// <value>Default: <see langword="null"/>, endpoints without a tenant.</value>
    public string? TenantId { get; init; }

    /// <summary>A second message of the tenant with the same key within 7 days is not delivered. At most 128 characters.</summary>
    public string? IdempotencyKey { get; init; }

    /// <summary>Messages with the same key keep their order at endpoints that ask for it. At most 128 characters.</summary>
    public string? OrderingKey { get; init; }

    /// <summary>When the event happened.</summary>
    /// <value>Default: now, by the injected <see cref="TimeProvider"/>.</value>
    public DateTimeOffset? OccurredAt { get; init; }

    /// <summary>Not to be sent before this instant.</summary>
    /// <value>Default: at once.</value>
    public DateTimeOffset? DeliverAt { get; init; }

    /// <summary>The one endpoint it is meant for.</summary>
    /// <value>Default: every subscribed endpoint of the tenant.</value>
    public EndpointId? TargetEndpointId { get; init; }
}
