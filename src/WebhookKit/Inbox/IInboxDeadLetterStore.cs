namespace WebhookKit.Inbox;

/// <summary>What becomes of dead letters in the inbox.</summary>
/// <remarks>Every method is one short transaction of its own and safe to call from any number of nodes at once.</remarks>
public interface IInboxDeadLetterStore
{
    /// <summary>Counts what is selected; where the selection does not say until when, the store's own time bounds it from then on.</summary>
    ValueTask<InboxDeadLetterPreview> PreviewAsync(InboxDeadLetterSelection selection, CancellationToken cancellationToken);

    /// <summary>Lists what is selected, those first that were dead-lettered first.</summary>
    /// <param name="selection">Which.</param>
    /// <param name="maxLetters">At most so many.</param>
    /// <param name="after">The last one of the page before, or <see langword="null"/>.</param>
    /// <param name="cancellationToken">Gives up.</param>
    ValueTask<IReadOnlyList<InboxDeadLetter>> ListAsync(
        InboxDeadLetterSelection selection, int maxLetters, InboxDeadLetter? after, CancellationToken cancellationToken);

    /// <summary>Makes selected entries pending and due now, those first that were dead-lettered first; attempts and leases count anew.</summary>
    /// <param name="selection">With an <see cref="InboxDeadLetterSelection.Until"/>, without which what fails again would be selected again.</param>
    /// <param name="maxLetters">At most so many in this call.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>How many.</returns>
    ValueTask<int> HandleAgainAsync(InboxDeadLetterSelection selection, int maxLetters, CancellationToken cancellationToken);

    /// <summary>Makes selected entries <see cref="InboxStatus.Discarded"/>, those first that were dead-lettered first.</summary>
    /// <returns>How many.</returns>
    ValueTask<int> DiscardAsync(InboxDeadLetterSelection selection, string reason, int maxLetters, CancellationToken cancellationToken);
}
