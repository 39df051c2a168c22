namespace WebhookKit.LoadTest.Senders;

/// <summary>The event of an order.</summary>
internal sealed record OrderPlaced(Guid Order, string Customer, decimal Total, string Note)
{
    public const string EventType = "order.placed";
}
