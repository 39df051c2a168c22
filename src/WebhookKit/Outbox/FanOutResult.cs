namespace WebhookKit.Outbox;

/// <summary>What one fan-out did.</summary>
/// <param name="Messages">The messages that were taken from the outbox, without those found to be duplicates.</param>
/// <param name="Deliveries">The deliveries that were made.</param>
/// <param name="Duplicates">How many messages were not delivered because an earlier one has their idempotency key.</param>
public sealed record FanOutResult(
    IReadOnlyList<WebhookMessage> Messages,
    IReadOnlyList<NewDelivery> Deliveries,
    int Duplicates)
{
    /// <summary>Nothing was there.</summary>
    public static FanOutResult Empty { get; } = new([], [], 0);

    /// <summary>How many outbox rows are gone: messages fanned out and duplicates named.</summary>
    public int Taken => Messages.Count + Duplicates;
}
