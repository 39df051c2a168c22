namespace WebhookKit.Dispatch;

/// <summary>Messages of one batch that keep their order, or a single one that keeps none.</summary>
internal sealed class MessageLine(IReadOnlyList<WebhookMessage> messages)
{
    private int _taken;

    /// <summary>Those that are not yet fanned out, in their order.</summary>
    public IEnumerable<WebhookMessage> Waiting => messages.Skip(_taken);

    /// <summary>How many are not yet fanned out.</summary>
    public int Count => messages.Count - _taken;

    /// <summary>The one that all others wait for.</summary>
    public WebhookMessage First => messages[_taken];

    /// <summary>Divides a batch, which is in the order of the outbox.</summary>
    public static MessageLine[] Divide(IReadOnlyList<WebhookMessage> messages) =>
    [
        .. messages
            .GroupBy(message => (message.TenantId, message.OrderingKey, Alone: message.OrderingKey is null ? message.Id : (MessageId?)null))
            .Select(line => new MessageLine([.. line])),
    ];

    /// <summary>The first of those that wait are fanned out.</summary>
    public void Took(int count) => _taken += count;
}
