using WebhookKit.Outbox;
using WebhookKit.Publishing;

namespace WebhookKit.InMemory.Outbox;

/// <summary>Publishes at once: there is no transaction to wait for.</summary>
internal sealed class InMemoryHandlerPublisher(MessageFactory messages, IOutboxStore outbox, DispatchSignal signal) : IHandlerPublisher
{
    public async ValueTask<MessageId> PublishRawAsync(RawEvent rawEvent, PublishOptions? options, CancellationToken cancellationToken)
    {
        WebhookMessage[] created = [messages.Create(rawEvent, options)];
        var ids = await outbox.AppendAsync(created, cancellationToken).ConfigureAwait(false);
        signal.Committed(created);
        return ids[0];
    }
}
