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
        int maxEntries, LeaseId leaseId, TimeSpan leaseDuration, CancellationToken cancellationToken)
    {
        lock (inbox.Gate)
        {
            var now = timeProvider.GetUtcNow();
            InboxRow[] due = [.. inbox.Pending.TakeWhile(row => row.DueAt <= now).Take(maxEntries)];
            foreach (var row in due)
            {
                inbox.Pending.Remove(row);
                row.LeaseId = leaseId;
                row.DueAt = now + leaseDuration;
                inbox.Pending.Add(row);
            }

            return ValueTask.FromResult<IReadOnlyList<LeasedInboxEntry>>(
                [.. due.Select(row => new LeasedInboxEntry(row.Entry, leaseId, row.Attempts))]);
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

    private void Add(InboxRow row)
    {
        // An event whose claim has been forgotten is new again; what came of it before gives way.
        if (inbox.Rows.TryGetValue(ClaimIdentity.Of(row.Entry.Claim), out var before))
        {
            inbox.Pending.Remove(before);
        }

        inbox.Rows[ClaimIdentity.Of(row.Entry.Claim)] = row;
        inbox.Pending.Add(row);
    }

    private bool TryComplete(InboxCompletion completion)
    {
        if (inbox.Rows.GetValueOrDefault(ClaimIdentity.Of(completion.Entry.Entry.Claim)) is not { } row
            || row.LeaseId != completion.Entry.LeaseId)
        {
            return false;
        }

        inbox.Pending.Remove(row);
        row.Status = completion.Status;
        row.LeaseId = null;
        if (row.Status == InboxStatus.Pending)
        {
            row.Attempts++;
            row.DueAt = timeProvider.GetUtcNow() + completion.NextAttemptIn;
            inbox.Pending.Add(row);
        }
        else
        {
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
