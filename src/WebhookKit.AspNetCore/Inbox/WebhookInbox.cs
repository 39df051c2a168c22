namespace WebhookKit.Inbox;

/// <summary>Changes dead letters batch by batch and wakes the source's loop; all that it remembers is in the store.</summary>
internal sealed class WebhookInbox(IInboxDeadLetterStore store, InboxSignal signal) : IWebhookInbox
{
    private const int MaxLetters = 1000;
    private const int BatchSize = 200;

    public ValueTask<InboxDeadLetterPreview> PreviewAsync(InboxDeadLetterSelection selection, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(selection);
        return store.PreviewAsync(selection, cancellationToken);
    }

    public ValueTask<IReadOnlyList<InboxDeadLetter>> ListAsync(
        InboxDeadLetterSelection selection, int maxLetters, InboxDeadLetter? after, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(selection);
        ArgumentOutOfRangeException.ThrowIfLessThan(maxLetters, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(maxLetters, MaxLetters);
        return store.ListAsync(selection, maxLetters, after, cancellationToken);
    }

    public Task<int> HandleAgainAsync(InboxDeadLetterSelection selection, CancellationToken cancellationToken) => RepeatAsync(
        selection,
        async bounded =>
        {
            var count = await store.HandleAgainAsync(bounded, BatchSize, cancellationToken);
            signal.Wake(bounded.Source);
            return count;
        },
        cancellationToken);

    public Task<int> DiscardAsync(InboxDeadLetterSelection selection, string reason, CancellationToken cancellationToken)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(reason);
        return RepeatAsync(selection, bounded => store.DiscardAsync(bounded, reason, BatchSize, cancellationToken), cancellationToken);
    }

    private async Task<int> RepeatAsync(
        InboxDeadLetterSelection selection, Func<InboxDeadLetterSelection, ValueTask<int>> batch, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(selection);
        var bounded = (await store.PreviewAsync(selection, cancellationToken)).Selection;
        var done = 0;
        int count;
        do
        {
            cancellationToken.ThrowIfCancellationRequested();
            count = await batch(bounded);
            done += count;
        }
        while (count > 0);
        return done;
    }
}
