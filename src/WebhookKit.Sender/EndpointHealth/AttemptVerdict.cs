using WebhookKit.Deliveries;

namespace WebhookKit.Endpoints;

/// <summary>What an outcome means for the delivery, and for its endpoint where it says something about it.</summary>
internal readonly record struct AttemptVerdict(DeliveryCompletion Completion, EndpointHealth? Health = null)
{
    /// <summary>The endpoint as it was read; <see langword="null"/> where it was not.</summary>
    public WebhookEndpoint? Endpoint { get; init; }

    /// <summary>The message's event type; <see langword="null"/> where the message was not read.</summary>
    public string? EventType { get; init; }

    /// <summary>Why the message exists.</summary>
    public MessageOrigin Origin { get; init; }
}
