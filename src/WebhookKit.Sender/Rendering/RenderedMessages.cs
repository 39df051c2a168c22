using WebhookKit.Deliveries;

namespace WebhookKit.Rendering;

/// <summary>The messages of a batch of deliveries, each as its delivery sends it.</summary>
internal sealed class RenderedMessages(IReadOnlyDictionary<MessageId, WebhookMessage> messages)
{
    private readonly Dictionary<(MessageId, string), MessageRendering> _renderings = [];
    private readonly Dictionary<(MessageId, string), string> _errors = [];

    public bool Contains(MessageId messageId, string format) => _renderings.ContainsKey((messageId, format));

    public void Add(IReadOnlyList<MessageRendering> renderings)
    {
        foreach (var rendering in renderings)
        {
            _renderings[(rendering.MessageId, rendering.Format)] = rendering;
        }
    }

    public void AddError(MessageId messageId, string format, string error) => _errors[(messageId, format)] = error;

    /// <returns>The message as it is sent, or why it cannot be; no message where it was erased meanwhile.</returns>
    public (WebhookMessage? Message, string? Error) Of(LeasedDelivery delivery)
    {
        if (messages.GetValueOrDefault(delivery.MessageId) is not { } message || delivery.PayloadFormat is not { } format)
        {
            return (messages.GetValueOrDefault(delivery.MessageId), null);
        }

        return _renderings.TryGetValue((delivery.MessageId, format), out var rendering)
            ? (rendering.ApplyTo(message), null)
            : _errors.TryGetValue((delivery.MessageId, format), out var error) ? (message, error) : (null, null);
    }
}
