namespace WebhookKit;

/// <summary>Publishes messages that are durable when the call returns, in a transaction of their own.</summary>
/// <remarks>
/// To commit a message together with rows of yours, use <c>db.PublishWebhook(…)</c> of
/// <c>WebhookKit.EntityFrameworkCore</c> instead. With an idempotency key that the tenant has used within 7 days, the
/// id of the first message is returned and nothing is stored. Inside a handler, whose transaction it would not share,
/// the Entity Framework Core store refuses it: use <c>db.PublishWebhook(…)</c> there too.
/// </remarks>
public interface IWebhookPublisher
{
    /// <summary>Publishes one event.</summary>
    /// <typeparam name="T">A type registered with <c>AddEventType</c>.</typeparam>
    /// <param name="data">The event's data, written as the payload's <c>data</c> member.</param>
    /// <param name="options">Tenant, keys and times.</param>
    /// <param name="cancellationToken">Gives up before the message is stored.</param>
    /// <returns>The id of the stored message.</returns>
    /// <exception cref="UnknownEventTypeException"><typeparamref name="T"/> is not registered.</exception>
    /// <exception cref="PayloadTooLargeException">The payload is larger than 256 KiB.</exception>
    /// <exception cref="IdempotencyKeyReusedException">The key belongs to a message with another event type, data or raw payload.</exception>
    ValueTask<MessageId> PublishAsync<T>(T data, PublishOptions? options = null, CancellationToken cancellationToken = default);

    /// <summary>Publishes many events of one type in one transaction: all or none.</summary>
    /// <inheritdoc cref="PublishAsync{T}(T, PublishOptions?, CancellationToken)"/>
    /// <param name="data">The data of each event.</param>
    /// <param name="options">Tenant and times for all of them; an idempotency key is refused here.</param>
    /// <param name="cancellationToken">Gives up before the messages are stored.</param>
    /// <returns>The ids in the order of <paramref name="data"/>.</returns>
    ValueTask<IReadOnlyList<MessageId>> PublishManyAsync<T>(IEnumerable<T> data, PublishOptions? options = null, CancellationToken cancellationToken = default);

    /// <summary>Publishes an event whose payload is already written.</summary>
    /// <inheritdoc cref="PublishAsync{T}(T, PublishOptions?, CancellationToken)"/>
    /// <param name="rawEvent">Event type, bytes and media type.</param>
    /// <param name="options">Tenant, keys and times.</param>
    /// <param name="cancellationToken">Gives up before the message is stored.</param>
    ValueTask<MessageId> PublishRawAsync(RawEvent rawEvent, PublishOptions? options = null, CancellationToken cancellationToken = default);
}
