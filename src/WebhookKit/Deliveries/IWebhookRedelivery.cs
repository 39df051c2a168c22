namespace WebhookKit;

/// <summary>Sends again what a person asks for, and test events.</summary>
/// <remarks>
/// A redelivery is a new cycle of the same delivery: the same message and bytes, all attempts of the retry schedule. It is
/// stored, and carried out part by part by whatever dispatchers run: none of them, nor the process that asked, has to live
/// until it is through.
/// </remarks>
public interface IWebhookRedelivery
{
    /// <summary>Counts what a redelivery would send.</summary>
    ValueTask<RedeliveryPreview> PreviewAsync(RedeliverySelection selection, CancellationToken cancellationToken = default);

    /// <summary>Has the selected deliveries sent again; stored when it returns.</summary>
    /// <param name="selection">What a preview gave, or a new one.</param>
    /// <param name="maxPerSecond">At most so many fall due in a second, over all nodes, from 1 to 10,000.</param>
    /// <param name="cancellationToken">Gives up before it is stored.</param>
    /// <returns>The id by which <see cref="FindAsync"/> tells how far it has come.</returns>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="maxPerSecond"/> is out of bounds.</exception>
    ValueTask<RedeliveryId> RedeliverAsync(
        RedeliverySelection selection, int maxPerSecond = 200, CancellationToken cancellationToken = default);

    /// <summary>Tells how far a redelivery has come; <see langword="null"/> when it is unknown, or ended so long ago that it was deleted.</summary>
    ValueTask<RedeliveryProgress?> FindAsync(RedeliveryId id, CancellationToken cancellationToken = default);

    /// <summary>Ends a redelivery before it is through; what it has made pending is sent.</summary>
    /// <returns><see langword="false"/> when it is unknown or has ended.</returns>
    ValueTask<bool> CancelAsync(RedeliveryId id, CancellationToken cancellationToken = default);

    /// <summary>Publishes a test event to one endpoint, whatever it subscribes to; it is signed, sent and retried like any other.</summary>
    /// <param name="endpointId">The endpoint.</param>
    /// <param name="rawEvent">Event type, bytes and media type.</param>
    /// <param name="cancellationToken">Gives up before the message is stored.</param>
    /// <returns>The id of the message, whose origin is <see cref="MessageOrigin.Test"/>.</returns>
    /// <exception cref="WebhookException">There is no such endpoint, or it is disabled.</exception>
    ValueTask<MessageId> SendTestAsync(EndpointId endpointId, RawEvent rawEvent, CancellationToken cancellationToken = default);
}
