using WebhookKit.Outbox;

namespace WebhookKit.Publishing;

/// <summary>Makes messages, stores them, and tells the dispatcher of this process.</summary>
internal sealed class WebhookPublisher(MessageFactory messages, IOutboxStore outbox, DispatchSignal signal) : IWebhookPublisher
{
    public async ValueTask<MessageId> PublishAsync<T>(T data, PublishOptions? options, CancellationToken cancellationToken)
    {
        var ids = await AppendAsync([messages.Create(data, options)], cancellationToken).ConfigureAwait(false);
        return ids[0];
    }

    public ValueTask<IReadOnlyList<MessageId>> PublishManyAsync<T>(
        IEnumerable<T> data, PublishOptions? options, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(data);
        if (options?.IdempotencyKey is not null)
        {
            throw new ArgumentException("An idempotency key names one message: publish each with a key of its own.", nameof(options));
        }

        return AppendAsync(data.Select(item => messages.Create(item, options)).ToArray(), cancellationToken);
    }

    public async ValueTask<MessageId> PublishRawAsync(RawEvent rawEvent, PublishOptions? options, CancellationToken cancellationToken)
    {
        var ids = await AppendAsync([messages.Create(rawEvent, options)], cancellationToken).ConfigureAwait(false);
        return ids[0];
    }

    private async ValueTask<IReadOnlyList<MessageId>> AppendAsync(WebhookMessage[] created, CancellationToken cancellationToken)
    {
        if (created.Length == 0)
        {
            return [];
        }

        var ids = await outbox.AppendAsync(created, cancellationToken).ConfigureAwait(false);
        signal.Committed(created);
        return ids;
    }
}
