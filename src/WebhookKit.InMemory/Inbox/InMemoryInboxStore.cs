using Microsoft.Extensions.Options;
using WebhookKit.Deliveries;
using WebhookKit.Inbox;
using WebhookKit.InMemory.Idempotency;

namespace WebhookKit.InMemory.Inbox;

/// <summary>The inbox in memory.</summary>
internal sealed class InMemoryInboxStore(
    InboxTable inbox, ClaimTable claims, TimeProvider timeProvider, IOptions<InMemoryStoreOptions> options) : IInboxStore
{
    private long _appended;

    public ValueTask<IReadOnlyList<InboxAppendResult>> AppendAsync(
        IReadOnlyList<InboxEntry> entries, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        lock (inbox.Gate)
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
        string source, int maxEntries, LeaseId leaseId, TimeSpan leaseDuration, CancellationToken cancellationToken)
    {
        lock (inbox.Gate)
        {
            var now = timeProvider.GetUtcNow();
            InboxRow[] due = [.. inbox.GetDue(source, now).Take(maxEntries)];
            foreach (var row in due)
            {
                row.LeaseId = leaseId;
                row.Leases++;
                inbox.SetDue(row, now + leaseDuration);
            }

            return ValueTask.FromResult<IReadOnlyList<LeasedInboxEntry>>(
                [.. due.Select(row => new LeasedInboxEntry(row.Entry, leaseId, row.Attempts, row.Leases))]);
        }
    }

    public ValueTask<IReadOnlyList<InboxCompletion>> CompleteAsync(
        IReadOnlyList<InboxCompletion> completions, CancellationToken cancellationToken)
    {
        lock (inbox.Gate)
        {
            return ValueTask.FromResult<IReadOnlyList<InboxCompletion>>(
                [.. completions.Where(completion => !TryComplete(completion))]);
        }
    }

    public ValueTask<InboxStatus?> GetStatusAsync(string source, string? tenantId, string key, CancellationToken cancellationToken)
    {
        lock (inbox.Gate)
        {
            return ValueTask.FromResult(inbox.Rows.GetValueOrDefault(new ClaimIdentity(source, tenantId, key))?.Status);
        }
    }

    /// <summary>Whether the caller still has the entry to itself.</summary>
    public bool IsLeased(LeasedInboxEntry entry)
    {
        lock (inbox.Gate)
        {
            return inbox.Rows.GetValueOrDefault(ClaimIdentity.Of(entry.Entry.Claim))?.LeaseId == entry.LeaseId;
        }
    }

    /// <summary>Writes what handling came to; false when the lease had passed to another owner.</summary>
    public bool Complete(InboxCompletion completion)
    {
        lock (inbox.Gate)
        {
            return TryComplete(completion);
        }
    }

    private void Add(InboxRow row)
    {
        // An event whose claim has been forgotten is new again; what came of it before gives way.
        if (inbox.Rows.TryGetValue(ClaimIdentity.Of(row.Entry.Claim), out var before))
        {
            inbox.RemovePending(before);
        }

        inbox.Add(row);
    }

    private bool TryComplete(InboxCompletion completion)
    {
        if (inbox.Rows.GetValueOrDefault(ClaimIdentity.Of(completion.Entry.Entry.Claim)) is not { } row
            || row.LeaseId != completion.Entry.LeaseId)
        {
            return false;
        }

        row.Status = completion.Status;
        row.Error = completion.Error;
        row.LeaseId = null;
        row.Leases = 0;
        row.Attempts += row.Status == InboxStatus.Handled ? 0 : 1;
        if (row.Status == InboxStatus.Pending)
        {
            inbox.SetDue(row, timeProvider.GetUtcNow() + completion.NextAttemptIn);
        }
        else
        {
            inbox.RemovePending(row);
            row.DueAt = timeProvider.GetUtcNow();
            inbox.Finish(row);
        }

        return true;
    }

    private bool MakeRoomFor(int entries)
    {
        var room = options.Value.MaxMessages - entries;
        while (inbox.Rows.Count > room && inbox.TryForgetFinished())
        {
        }

        return inbox.Rows.Count <= room;
    }
}
