using WebhookKit.InMemory.Idempotency;

namespace WebhookKit.InMemory.Inbox;

/// <summary>Received events by claim, the pending ones by due time and the finished ones in the order they were finished.</summary>
/// <remarks>Everything in it is touched only under <see cref="Gate"/>.</remarks>
internal sealed class InboxTable
{
    private Queue<InboxRow> _finished = [];

    public Lock Gate { get; } = new();

    public Dictionary<ClaimIdentity, InboxRow> Rows { get; } = [];

    public SortedSet<InboxRow> Pending { get; } = new(InboxRow.ByDueTime);

    /// <summary>Keeps a finished row until it is deleted, or forgotten for want of room.</summary>
    public void Finish(InboxRow row) => _finished.Enqueue(row);

    /// <summary>Forgets the row that was finished first.</summary>
    public bool TryForgetFinished()
    {
        if (!_finished.TryDequeue(out var row))
        {
            return false;
        }

        Remove(row);
        return true;
    }

    /// <summary>Deletes finished rows.</summary>
    public void Delete(IReadOnlySet<InboxRow> rows)
    {
        foreach (var row in rows)
        {
            Remove(row);
        }

        _finished = new Queue<InboxRow>(_finished.Where(row => !rows.Contains(row)));
    }

    private void Remove(InboxRow row)
    {
        var key = ClaimIdentity.Of(row.Entry.Claim);
        if (Rows.GetValueOrDefault(key) == row)
        {
            Rows.Remove(key);
        }
    }
}
