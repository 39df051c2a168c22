using WebhookKit.Endpoints;

namespace WebhookKit.Outbox;

/// <summary>Matches messages with endpoints; called by the store before it makes the deliveries, in the same transaction or before it.</summary>
/// <remarks>Called again when a store repeats its transaction. It asks nothing of a store: what it needs, it is given.</remarks>
/// <param name="messages">The messages that are taken from the outbox; one that another node is faster to take is left out of the result.</param>
/// <param name="endpoints">The endpoints of their tenants, whatever their status, as they are once the messages are taken.</param>
/// <returns>The deliveries to make; none for a message that nobody wants.</returns>
public delegate IReadOnlyList<NewDelivery> FanOutPlanner(
    IReadOnlyList<WebhookMessage> messages, IReadOnlyList<WebhookEndpoint> endpoints);
