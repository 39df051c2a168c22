using WebhookKit.InMemory.Idempotency;

namespace WebhookKit.InMemory.Inbox;

/// <summary>Received events by claim, the pending ones by due time and the finished ones in the order they were finished.</summary>
/// <remarks>Everything in it is touched only under <see cref="Gate"/>.</remarks>
internal sealed class InboxTable
{
    private readonly Dictionary<string, SortedSet<InboxRow>> _pending = [];
    private readonly Dictionary<(string Source, string? TenantId, string OrderingKey), SortedSet<InboxRow>> _lines = [];
    private Queue<InboxRow> _finished = [];

    public Lock Gate { get; } = new();

    public Dictionary<ClaimIdentity, InboxRow> Rows { get; } = [];

    /// <summary>Adds a row that is to be handled when due.</summary>
    public void Add(InboxRow row)
    {
        Rows[ClaimIdentity.Of(row.Entry.Claim)] = row;
        AddPending(row);
    }

    /// <summary>Takes back that rows were finished: they are to be handled when due.</summary>
    public void Reopen(IReadOnlySet<InboxRow> rows)
    {
        Unfinish(rows);
        foreach (var row in rows)
        {
            AddPending(row);
        }
    }

    /// <summary>The rows of a source that may be leased, oldest due first: of those in one line, the first.</summary>
    public IEnumerable<InboxRow> GetDue(string source, DateTimeOffset now) =>
        _pending.GetValueOrDefault(source, [])
            .TakeWhile(row => row.DueAt <= now)
            .Where(row => row.Line is not { } line || _lines[line].Min == row);

    /// <summary>Changes when a pending row is due.</summary>
    public void SetDue(InboxRow row, DateTimeOffset dueAt)
    {
        _pending[row.Entry.Claim.Source].Remove(row);
        row.DueAt = dueAt;
        _pending[row.Entry.Claim.Source].Add(row);
    }

    /// <summary>Takes a row out of what is to be handled.</summary>
    public void RemovePending(InboxRow row)
    {
        RemoveFrom(_pending, row.Entry.Claim.Source, row);
        if (row.Line is { } line)
        {
            RemoveFrom(_lines, line, row);
        }
    }

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

        Unfinish(rows);
    }

    private void AddPending(InboxRow row)
    {
        AddTo(_pending, row.Entry.Claim.Source, row, InboxRow.ByDueTime);
        if (row.Line is { } line)
        {
            AddTo(_lines, line, row, InboxRow.ByArrival);
        }
    }

    private void Unfinish(IReadOnlySet<InboxRow> rows) => _finished = new Queue<InboxRow>(_finished.Where(row => !rows.Contains(row)));

    private static void AddTo<TKey>(Dictionary<TKey, SortedSet<InboxRow>> sets, TKey key, InboxRow row, IComparer<InboxRow> order)
        where TKey : notnull
    {
        if (!sets.TryGetValue(key, out var set))
        {
            sets.Add(key, set = new SortedSet<InboxRow>(order));
        }

        set.Add(row);
    }

    private static void RemoveFrom<TKey>(Dictionary<TKey, SortedSet<InboxRow>> sets, TKey key, InboxRow row)
        where TKey : notnull
    {
        if (sets.TryGetValue(key, out var set) && set.Remove(row) && set.Count == 0)
        {
            sets.Remove(key);
        }
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
