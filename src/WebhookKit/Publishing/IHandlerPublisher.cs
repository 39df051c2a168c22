namespace WebhookKit.Publishing;

/// <summary>Publishes from within a handler of received events, so that message and effect commit together where the store allows it.</summary>
/// <remarks>
/// Taken from the handler's scope. In the Entity Framework Core store the message is a row of the handler's transaction;
/// in memory it is there at once, whatever becomes of the handler.
/// </remarks>
public interface IHandlerPublisher
{
    /// <summary>Publishes an event whose payload is already written; its bytes are copied.</summary>
    /// <param name="rawEvent">Event type, bytes and media type.</param>
    /// <param name="options">Tenant, keys and times.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>The id that the message has.</returns>
    /// <exception cref="PayloadTooLargeException">The payload is larger than 256 KiB.</exception>
    /// <exception cref="ArgumentException">The event type, the media type or an option is out of bounds.</exception>
    ValueTask<MessageId> PublishRawAsync(RawEvent rawEvent, PublishOptions? options, CancellationToken cancellationToken);
}
