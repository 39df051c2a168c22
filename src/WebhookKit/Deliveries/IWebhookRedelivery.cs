namespace WebhookKit;

/// <summary>Sends again what a person asks for, and test events.</summary>
/// <remarks>
/// A redelivery is a new cycle of the same delivery: the same message and bytes, all attempts of the retry schedule. It
/// is written batch by batch, each durable; called again with the same selection it goes on with what is left.
/// </remarks>
public interface IWebhookRedelivery
{
    /// <summary>Counts what a redelivery would send.</summary>
    ValueTask<RedeliveryPreview> PreviewAsync(RedeliverySelection selection, CancellationToken cancellationToken = default);

    /// <summary>Sends the selected deliveries again.</summary>
    /// <param name="selection">What a preview gave, or a new one.</param>
    /// <param name="maxPerSecond">At most so many fall due in a second, from 1 to 10,000.</param>
    /// <param name="progress">Told after every batch how many this call has made pending so far.</param>
    /// <param name="cancellationToken">Stops after the current batch; what is pending is sent.</param>
    /// <returns>How many deliveries this call has made pending.</returns>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="maxPerSecond"/> is out of bounds.</exception>
    Task<int> RedeliverAsync(
        RedeliverySelection selection, int maxPerSecond = 200, IProgress<int>? progress = null, CancellationToken cancellationToken = default);

    /// <summary>Publishes a test event to one endpoint, whatever it subscribes to; it is signed, sent and retried like any other.</summary>
    /// <param name="endpointId">The endpoint.</param>
    /// <param name="rawEvent">Event type, bytes and media type.</param>
    /// <param name="cancellationToken">Gives up before the message is stored.</param>
    /// <returns>The id of the message, whose origin is <see cref="MessageOrigin.Test"/>.</returns>
    /// <exception cref="WebhookException">There is no such endpoint, or it is disabled.</exception>
    ValueTask<MessageId> SendTestAsync(EndpointId endpointId, RawEvent rawEvent, CancellationToken cancellationToken = default);
}
