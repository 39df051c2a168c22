namespace WebhookKit;

/// <summary>Lists the dead letters of sources that use an inbox, has them handled again, and discards them.</summary>
/// <remarks>What is done to many is written batch by batch, each durable; called again it goes on with what is left.</remarks>
public interface IWebhookInbox
{
    /// <summary>Counts what is selected.</summary>
    ValueTask<InboxDeadLetterPreview> PreviewAsync(InboxDeadLetterSelection selection, CancellationToken cancellationToken = default);

    /// <summary>Lists what is selected, those first that were dead-lettered first.</summary>
    /// <param name="selection">Which.</param>
    /// <param name="maxLetters">At most so many, from 1 to 1,000.</param>
    /// <param name="after">The last one of the page before; the first page when omitted.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="maxLetters"/> is out of bounds.</exception>
    ValueTask<IReadOnlyList<InboxDeadLetter>> ListAsync(
        InboxDeadLetterSelection selection, int maxLetters = 100, InboxDeadLetter? after = null, CancellationToken cancellationToken = default);

    /// <summary>Has what is selected handled again, with all attempts of the source's retry schedule.</summary>
    /// <remarks>One with an ordering key takes its place before those of the key that came later and still wait.</remarks>
    /// <returns>How many this call has made pending.</returns>
    Task<int> HandleAgainAsync(InboxDeadLetterSelection selection, CancellationToken cancellationToken = default);

    /// <summary>Gives up what is selected: it is kept as <see cref="Inbox.InboxStatus.Discarded"/> as long as what was handled, and not handled any more.</summary>
    /// <param name="selection">Which.</param>
    /// <param name="reason">Why, for whoever asks later; it takes the place of the error.</param>
    /// <param name="cancellationToken">Stops after the current batch.</param>
    /// <returns>How many this call has discarded.</returns>
    /// <exception cref="ArgumentException">There is no reason.</exception>
    Task<int> DiscardAsync(InboxDeadLetterSelection selection, string reason, CancellationToken cancellationToken = default);
}
