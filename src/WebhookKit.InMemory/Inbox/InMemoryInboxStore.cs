using Microsoft.Extensions.Options;
using WebhookKit.Deliveries;
using WebhookKit.Inbox;
using WebhookKit.InMemory.Idempotency;

namespace WebhookKit.InMemory.Inbox;

/// <summary>The inbox in memory.</summary>
internal sealed class InMemoryInboxStore(ClaimTable claims, TimeProvider timeProvider, IOptions<InMemoryStoreOptions> options)
    : IInboxStore
{
    private readonly Lock _gate = new();
    private readonly Dictionary<ClaimIdentity, InboxRow> _rows = [];
    private readonly SortedSet<InboxRow> _pending = new(InboxRow.ByDueTime);
    private readonly Queue<InboxRow> _finished = [];
    private long _appended;

    public ValueTask<IReadOnlyList<InboxAppendResult>> AppendAsync(
        IReadOnlyList<InboxEntry> entries, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        lock (_gate)
        {
            var isNew = claims.TryRemember([.. entries.Select(entry => entry.Claim)], MakeRoomFor);
            if (isNew is null)
            {
                return ValueTask.FromResult<IReadOnlyList<InboxAppendResult>>(
                    [.. Enumerable.Repeat(InboxAppendResult.Full, entries.Count)]);
            }

            foreach (var (entry, _) in entries.Zip(isNew).Where(pair => pair.Second))
            {
                Add(new InboxRow(entry, _appended++, timeProvider.GetUtcNow()));
            }

            return ValueTask.FromResult<IReadOnlyList<InboxAppendResult>>(
                [.. isNew.Select(one => one ? InboxAppendResult.Accepted : InboxAppendResult.Duplicate)]);
        }
    }

    public ValueTask<IReadOnlyList<LeasedInboxEntry>> LeaseAsync(
        int maxEntries, LeaseId leaseId, TimeSpan leaseDuration, CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            var now = timeProvider.GetUtcNow();
            InboxRow[] due = [.. _pending.TakeWhile(row => row.DueAt <= now).Take(maxEntries)];
            foreach (var row in due)
            {
                _pending.Remove(row);
                row.LeaseId = leaseId;
                row.DueAt = now + leaseDuration;
                _pending.Add(row);
            }

            return ValueTask.FromResult<IReadOnlyList<LeasedInboxEntry>>(
                [.. due.Select(row => new LeasedInboxEntry(row.Entry, leaseId, row.Attempts))]);
        }
    }

    public ValueTask<IReadOnlyList<InboxCompletion>> CompleteAsync(
        IReadOnlyList<InboxCompletion> completions, CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            return ValueTask.FromResult<IReadOnlyList<InboxCompletion>>(
                [.. completions.Where(completion => !TryComplete(completion))]);
        }
    }

    public ValueTask<InboxStatus?> GetStatusAsync(string source, string? tenantId, string key, CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            return ValueTask.FromResult(_rows.GetValueOrDefault(new ClaimIdentity(source, tenantId, key))?.Status);
        }
    }

    private void Add(InboxRow row)
    {
        // An event whose claim has been forgotten is new again; what came of it before gives way.
        if (_rows.TryGetValue(ClaimIdentity.Of(row.Entry.Claim), out var before))
        {
            _pending.Remove(before);
        }

        _rows[ClaimIdentity.Of(row.Entry.Claim)] = row;
        _pending.Add(row);
    }

    private bool TryComplete(InboxCompletion completion)
    {
        if (_rows.GetValueOrDefault(ClaimIdentity.Of(completion.Entry.Entry.Claim)) is not { } row
            || row.LeaseId != completion.Entry.LeaseId)
        {
            return false;
        }

        _pending.Remove(row);
        row.Status = completion.Status;
        row.LeaseId = null;
        if (row.Status == InboxStatus.Pending)
        {
            row.Attempts++;
            row.DueAt = timeProvider.GetUtcNow() + completion.NextAttemptIn;
            _pending.Add(row);
        }
        else
        {
            _finished.Enqueue(row);
        }

        return true;
    }

    private bool MakeRoomFor(int entries)
    {
        var room = options.Value.MaxMessages - entries;
        while (_rows.Count > room && _finished.TryDequeue(out var row))
        {
            var key = ClaimIdentity.Of(row.Entry.Claim);
            if (_rows.GetValueOrDefault(key) == row)
            {
                _rows.Remove(key);
            }
        }

        return _rows.Count <= room;
    }
}
