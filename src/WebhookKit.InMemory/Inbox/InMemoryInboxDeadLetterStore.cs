using WebhookKit.Inbox;

namespace WebhookKit.InMemory.Inbox;

/// <summary>Dead letters of the inbox in memory.</summary>
internal sealed class InMemoryInboxDeadLetterStore(InboxTable inbox, TimeProvider timeProvider) : IInboxDeadLetterStore
{
    public ValueTask<InboxDeadLetterPreview> PreviewAsync(InboxDeadLetterSelection selection, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        lock (inbox.Gate)
        {
            var bounded = selection with { Until = selection.Until ?? timeProvider.GetUtcNow() };
            return ValueTask.FromResult(new InboxDeadLetterPreview(Select(bounded).Count(), bounded));
        }
    }

    public ValueTask<IReadOnlyList<InboxDeadLetter>> ListAsync(
        InboxDeadLetterSelection selection, int maxLetters, InboxDeadLetter? after, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        lock (inbox.Gate)
        {
            return ValueTask.FromResult<IReadOnlyList<InboxDeadLetter>>(
                [.. Select(selection).Select(ToLetter).Order(InOrder).Where(letter => after is null || InOrder.Compare(letter, after) > 0).Take(maxLetters)]);
        }
    }

    public ValueTask<int> HandleAgainAsync(InboxDeadLetterSelection selection, int maxLetters, CancellationToken cancellationToken) =>
        EndAsync(
            selection,
            maxLetters,
            rows =>
            {
                foreach (var row in rows)
                {
                    row.Status = InboxStatus.Pending;
                    row.Attempts = 0;
                    row.Leases = 0;
                    row.Error = null;
                    row.DueAt = timeProvider.GetUtcNow();
                }

                inbox.Reopen(rows);
            },
            cancellationToken);

    public ValueTask<int> DiscardAsync(
        InboxDeadLetterSelection selection, string reason, int maxLetters, CancellationToken cancellationToken) =>
        EndAsync(
            selection,
            maxLetters,
            rows =>
            {
                foreach (var row in rows)
                {
                    row.Status = InboxStatus.Discarded;
                    row.Error = reason;
                    row.DueAt = timeProvider.GetUtcNow();
                }
            },
            cancellationToken);

    private static Comparer<InboxDeadLetter> InOrder { get; } = Comparer<InboxDeadLetter>.Create((x, y) =>
        x.DeadLetteredAt.CompareTo(y.DeadLetteredAt) is var at and not 0 ? at
        : string.CompareOrdinal(x.Key, y.Key) is var key and not 0 ? key
        : string.CompareOrdinal(x.TenantId ?? "", y.TenantId ?? ""));

    private static InboxDeadLetter ToLetter(InboxRow row)
    {
        var claim = row.Entry.Claim;
        return new InboxDeadLetter(claim.Source, claim.TenantId, claim.Key, row.Entry.EventType, row.DueAt, row.Attempts, row.Error);
    }

    private ValueTask<int> EndAsync(
        InboxDeadLetterSelection selection, int maxLetters, Action<IReadOnlySet<InboxRow>> change, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        lock (inbox.Gate)
        {
            var rows = Select(selection).OrderBy(row => row.DueAt).Take(maxLetters).ToHashSet();
            change(rows);
            return ValueTask.FromResult(rows.Count);
        }
    }

    private IEnumerable<InboxRow> Select(InboxDeadLetterSelection selection) => inbox.Rows.Values.Where(row =>
        row.Status == InboxStatus.DeadLettered
        && !row.IsErased
        && row.Entry.Claim.Source == selection.Source
        && (selection.TenantId is null || selection.TenantId == (row.Entry.Claim.TenantId ?? ""))
        && (selection.Key is null || selection.Key == row.Entry.Claim.Key)
        && !(row.DueAt < selection.Since)
        && !(row.DueAt > selection.Until));
}
