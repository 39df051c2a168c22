namespace WebhookKit.Outbox;

/// <summary>Matches messages with endpoints; called by the store inside its fan-out transaction.</summary>
/// <param name="messages">The messages that were taken from the outbox.</param>
/// <param name="cancellationToken">Gives up; nothing is taken.</param>
/// <returns>The deliveries to make; none for a message that nobody wants.</returns>
public delegate ValueTask<IReadOnlyList<NewDelivery>> FanOutPlanner(
    IReadOnlyList<WebhookMessage> messages, CancellationToken cancellationToken);
