using WebhookKit.Endpoints;

namespace WebhookKit.Deliveries;

/// <summary>Makes the operational messages that tell of what a batch of outcomes changed.</summary>
/// <remarks>Called inside the transaction that changes it, and again when that is repeated: it only makes messages.</remarks>
/// <param name="endpoints">Endpoints of which a person would want to know, each once.</param>
/// <param name="deadLettered">Deliveries that the batch has dead-lettered.</param>
public delegate IReadOnlyList<WebhookMessage> OperationalPlanner(
    IReadOnlyList<EndpointTransition> endpoints, IReadOnlyList<DeliveryCompletion> deadLettered);
