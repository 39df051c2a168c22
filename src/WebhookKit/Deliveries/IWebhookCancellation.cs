namespace WebhookKit;

/// <summary>Cancels messages before they are sent: published by mistake, or to be delivered later and no longer true.</summary>
public interface IWebhookCancellation
{
    /// <summary>Cancels what is still to be sent of a message, to every endpoint, for good.</summary>
    /// <remarks>
    /// Also of one that is not fanned out yet, or whose <see cref="PublishOptions.DeliverAt"/> has not come. What a node has leased at
    /// that moment, the running attempt and what is about to begin, may still reach its endpoint; no further attempt follows. A message that was
    /// only published in a transaction that has not committed is not there yet.
    /// </remarks>
    /// <param name="id">The message.</param>
    /// <param name="cancellationToken">Gives up; nothing is canceled.</param>
    ValueTask<CancellationResult> CancelAsync(MessageId id, CancellationToken cancellationToken = default);
}
