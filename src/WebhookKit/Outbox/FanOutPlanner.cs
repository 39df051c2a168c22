namespace WebhookKit.Outbox;

/// <summary>Matches messages with endpoints; called by the store before it makes the deliveries, in the same transaction or before it.</summary>
/// <param name="messages">The messages that are taken from the outbox; one that another node is faster to take is left out of the result.</param>
/// <param name="cancellationToken">Gives up; nothing is taken.</param>
/// <returns>The deliveries to make; none for a message that nobody wants.</returns>
public delegate ValueTask<IReadOnlyList<NewDelivery>> FanOutPlanner(
    IReadOnlyList<WebhookMessage> messages, CancellationToken cancellationToken);
