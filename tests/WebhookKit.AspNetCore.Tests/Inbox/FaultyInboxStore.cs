using WebhookKit.Deliveries;
using WebhookKit.Inbox;

namespace WebhookKit.AspNetCore.Tests.Inbox;

/// <summary>A store that fails, or misreports, when a test says so.</summary>
internal sealed class FaultyInboxStore(IInboxStore store) : IInboxStore
{
    public bool AppendFails { get; set; }

    public int LeasesToFail { get; set; }

    public int CompletionsToFail { get; set; }

    /// <summary>How many completions were written.</summary>
    public int Completed { get; private set; }

    /// <summary>Says that entries were leased so often.</summary>
    public int? LeasesReported { get; set; }

    public ValueTask<IReadOnlyList<InboxAppendResult>> AppendAsync(
        IReadOnlyList<InboxEntry> entries, CancellationToken cancellationToken) =>
        AppendFails ? throw new IOException("the database is away") : store.AppendAsync(entries, cancellationToken);

    public async ValueTask<IReadOnlyList<LeasedInboxEntry>> LeaseAsync(
        string source, int maxEntries, LeaseId leaseId, TimeSpan leaseDuration, CancellationToken cancellationToken)
    {
        if (LeasesToFail > 0)
        {
            LeasesToFail--;
            throw new IOException("the database is away");
        }

        var leased = await store.LeaseAsync(source, maxEntries, leaseId, leaseDuration, cancellationToken);
        return [.. leased.Select(entry => LeasesReported is { } leases ? entry with { Leases = leases } : entry)];
    }

    public async ValueTask<IReadOnlyList<InboxCompletion>> CompleteAsync(
        IReadOnlyList<InboxCompletion> completions, CancellationToken cancellationToken)
    {
        if (CompletionsToFail > 0)
        {
            CompletionsToFail--;
            throw new IOException("the database is away");
        }

        var late = await store.CompleteAsync(completions, cancellationToken);
        Completed++;
        return late;
    }

    public ValueTask<InboxStatus?> GetStatusAsync(string source, string? tenantId, string key, CancellationToken cancellationToken) =>
        store.GetStatusAsync(source, tenantId, key, cancellationToken);
}
