using WebhookKit.Deliveries;

namespace WebhookKit.Endpoints;

/// <summary>What an outcome means for the delivery, and for its endpoint where it says something about it.</summary>
internal readonly record struct AttemptVerdict(DeliveryCompletion Completion, EndpointHealth? Health = null);
