using Microsoft.EntityFrameworkCore;
using WebhookKit.Deliveries;
using WebhookKit.EntityFrameworkCore.Dialects;
using WebhookKit.EntityFrameworkCore.Idempotency;
using WebhookKit.Identifiers;
using WebhookKit.Inbox;

namespace WebhookKit.EntityFrameworkCore.Inbox;

/// <summary>The inbox in the host's own database.</summary>
internal sealed class EntityFrameworkInboxStore(StoreDatabase database, IdGenerator ids, InboxPositions positions) : IInboxStore
{
    // Some databases bind few parameters.
    private const int MaxKeys = 500;

    public async ValueTask<IReadOnlyList<InboxAppendResult>> AppendAsync(
        IReadOnlyList<InboxEntry> entries, CancellationToken cancellationToken)
    {
        return await database.WriteForHostAsync(async (context, now, token) =>
        {
            var results = new InboxAppendResult[entries.Count];
            Array.Fill(results, InboxAppendResult.Duplicate);
            var position = positions.Take(entries.Count, now);
            // In one order, so that two batches with the same events cannot wait for each other.
            var bySource = Enumerable.Range(0, entries.Count)
                .GroupBy(i => (entries[i].Claim.Source, TenantId: entries[i].Claim.TenantId ?? ""))
                .OrderBy(group => group.Key.Source, StringComparer.Ordinal).ThenBy(group => group.Key.TenantId, StringComparer.Ordinal);
            foreach (var group in bySource)
            {
                var (source, tenant) = group.Key;
                foreach (var chunk in group.OrderBy(i => entries[i].Claim.Key, StringComparer.Ordinal).Chunk(MaxKeys))
                {
                    var claimed = await FindClaimedAsync(context, source, tenant, chunk.Select(i => entries[i].Claim.Key), now, token)
                        .ConfigureAwait(false);
                    int[] accepted = [.. chunk.Where(i => claimed.Add(entries[i].Claim.Key))];
                    foreach (var i in accepted)
                    {
                        results[i] = InboxAppendResult.Accepted;
                    }

                    await context.InsertRowsAsync(
                        Array.ConvertAll(accepted, i => ClaimEntity.From(entries[i].Claim, ids.NewLeaseId().Value, now)), token)
                        .ConfigureAwait(false);
                    await context.InsertRowsAsync(
                        Array.ConvertAll(accepted, i => InboxEntity.From(entries[i], position + i, now)), token).ConfigureAwait(false);
                }
            }

            return results;
        }, cancellationToken).ConfigureAwait(false);
    }

    public async ValueTask<IReadOnlyList<LeasedInboxEntry>> LeaseAsync(
        string source, int maxEntries, LeaseId leaseId, TimeSpan leaseDuration, CancellationToken cancellationToken)
    {
        return await database.WriteAsync(async (context, now, token) =>
        {
            var inbox = context.Set<InboxEntity>();
            var due = inbox.Where(entry => entry.Source == source && entry.Status == InboxStatus.Pending && entry.DueAt <= now);
            var first = await due
                .Where(entry => entry.OrderingKey == null || !inbox.Any(earlier =>
                    earlier.OrderingKey == entry.OrderingKey && earlier.Source == entry.Source && earlier.TenantId == entry.TenantId
                    && earlier.Status == InboxStatus.Pending
                    && (earlier.Position < entry.Position
                        || (earlier.Position == entry.Position && string.Compare(earlier.Key, entry.Key) < 0))))
                .OrderBy(entry => entry.DueAt)
                .Take(Math.Min(maxEntries, MaxKeys))
                .Select(entry => new { entry.TenantId, entry.Key })
                .ToListAsync(token).ConfigureAwait(false);
            if (first.Count == 0)
            {
                return [];
            }

            // Another node may have taken some of them meanwhile: those are no longer due. One tenant at a time, for
            // another's entry may have the same key.
            foreach (var tenant in first.GroupBy(entry => entry.TenantId, entry => entry.Key))
            {
                var keys = tenant.Order(StringComparer.Ordinal).ToArray();
                await due.Where(entry => entry.TenantId == tenant.Key && keys.Contains(entry.Key))
                    .ExecuteUpdateAsync(
                        entry => entry
                            .SetProperty(e => e.LeaseId, leaseId)
                            .SetProperty(e => e.DueAt, now + leaseDuration)
                            .SetProperty(e => e.Leases, e => e.Leases + 1),
                        token).ConfigureAwait(false);
            }

            var candidates = first.ConvertAll(entry => entry.Key);
            var leased = await inbox
                .AsNoTracking()
                .Where(entry => entry.Source == source && candidates.Contains(entry.Key) && entry.LeaseId == leaseId)
                .OrderBy(entry => entry.Position)
                .ToListAsync(token).ConfigureAwait(false);
            return leased.ConvertAll(row => new LeasedInboxEntry(row.ToEntry(), leaseId, row.Attempts, row.Leases));
        }, cancellationToken).ConfigureAwait(false);
    }

    public async ValueTask<IReadOnlyList<InboxCompletion>> CompleteAsync(
        IReadOnlyList<InboxCompletion> completions, CancellationToken cancellationToken)
    {
        return await database.WriteAsync(async (context, now, token) =>
        {
            var late = new List<InboxCompletion>();
            foreach (var completion in completions)
            {
                var claim = completion.Entry.Entry.Claim;
                var due = now + completion.NextAttemptIn;
                var failed = completion.Status == InboxStatus.Handled ? 0 : 1;
                var written = await Find(context, claim.Source, claim.TenantId ?? "", claim.Key)
                    .Where(row => row.LeaseId == completion.Entry.LeaseId)
                    .ExecuteUpdateAsync(
                        row => row
                            .SetProperty(r => r.Status, completion.Status)
                            .SetProperty(r => r.DueAt, due)
                            .SetProperty(r => r.LeaseId, (LeaseId?)null)
                            .SetProperty(r => r.Leases, 0)
                            .SetProperty(r => r.Attempts, r => r.Attempts + failed)
                            .SetProperty(r => r.Error, completion.Error),
                        token).ConfigureAwait(false);
                if (written == 0)
                {
                    late.Add(completion);
                }
            }

            return late;
        }, cancellationToken).ConfigureAwait(false);
    }

    public async ValueTask<InboxStatus?> GetStatusAsync(
        string source, string? tenantId, string key, CancellationToken cancellationToken) =>
        await database.ReadAsync(context => Find(context, source, tenantId ?? "", key)
            .Select(entry => (InboxStatus?)entry.Status)
            .FirstOrDefaultAsync(cancellationToken)).ConfigureAwait(false);

    // Forgets claims whose memory has passed, and what is left of their events.
    private static async Task<HashSet<string>> FindClaimedAsync(
        DbContext context, string source, string tenant, IEnumerable<string> keys, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var wanted = keys.ToArray();
        var claims = context.Set<ClaimEntity>()
            .Where(claim => claim.Source == source && claim.TenantId == tenant && wanted.Contains(claim.Key));
        await claims.Where(claim => claim.ExpiresAt <= now).ExecuteDeleteAsync(cancellationToken).ConfigureAwait(false);
        var claimed = await claims.Select(claim => claim.Key).ToListAsync(cancellationToken).ConfigureAwait(false);

        var forgotten = wanted.Except(claimed, StringComparer.Ordinal).ToArray();
        if (forgotten.Length > 0)
        {
            await context.Set<InboxEntity>()
                .Where(entry => forgotten.Contains(entry.Key) && entry.Source == source && entry.TenantId == tenant)
                .ExecuteDeleteAsync(cancellationToken).ConfigureAwait(false);
        }

        return claimed.ToHashSet(StringComparer.Ordinal);
    }

    private static IQueryable<InboxEntity> Find(DbContext context, string source, string tenantId, string key) =>
        context.Set<InboxEntity>().Where(entry =>
            entry.Source == source && entry.TenantId == tenantId && entry.Key == key);
}
