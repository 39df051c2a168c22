using Microsoft.EntityFrameworkCore;
using WebhookKit.Deliveries;
using WebhookKit.EntityFrameworkCore.Dialects;
using WebhookKit.EntityFrameworkCore.Idempotency;
using WebhookKit.Identifiers;
using WebhookKit.Inbox;

namespace WebhookKit.EntityFrameworkCore.Inbox;

/// <summary>The inbox in the host's own database.</summary>
internal sealed class EntityFrameworkInboxStore(StoreDatabase database, IdGenerator ids) : IInboxStore
{
    public async ValueTask<IReadOnlyList<InboxAppendResult>> AppendAsync(
        IReadOnlyList<InboxEntry> entries, CancellationToken cancellationToken)
    {
        return await database.WriteForHostAsync(async (context, now, token) =>
        {
            var results = new InboxAppendResult[entries.Count];
            // In one order, so that two batches with the same events cannot wait for each other.
            foreach (var i in Enumerable.Range(0, entries.Count).OrderBy(i => entries[i].Claim.Key, StringComparer.Ordinal))
            {
                var claim = ClaimEntity.From(entries[i].Claim, ids.NewLeaseId().Value, now);
                var claims = context.Set<ClaimEntity>().Where(row =>
                    row.Source == claim.Source && row.TenantId == claim.TenantId && row.Key == claim.Key);
                await claims.Where(row => row.ExpiresAt <= now).ExecuteDeleteAsync(token).ConfigureAwait(false);
                if (await claims.AnyAsync(token).ConfigureAwait(false))
                {
                    results[i] = InboxAppendResult.Duplicate;
                    continue;
                }

                await Find(context, claim.Source, claim.TenantId, claim.Key)
                    .ExecuteDeleteAsync(token).ConfigureAwait(false);
                await context.InsertRowsAsync([claim], token).ConfigureAwait(false);
                await context.InsertRowsAsync([InboxEntity.From(entries[i], now)], token).ConfigureAwait(false);
                results[i] = InboxAppendResult.Accepted;
            }

            return results;
        }, cancellationToken).ConfigureAwait(false);
    }

    public async ValueTask<IReadOnlyList<LeasedInboxEntry>> LeaseAsync(
        int maxEntries, LeaseId leaseId, TimeSpan leaseDuration, CancellationToken cancellationToken)
    {
        return await database.WriteAsync(async (context, now, token) =>
        {
            var due = await context.Set<InboxEntity>()
                .AsNoTracking()
                .Where(entry => entry.Status == InboxStatus.Pending && entry.DueAt <= now)
                .OrderBy(entry => entry.DueAt)
                .Take(maxEntries)
                .Select(entry => new { entry.Source, entry.TenantId, entry.Key })
                .ToListAsync(token).ConfigureAwait(false);
            foreach (var entry in due)
            {
                await Find(context, entry.Source, entry.TenantId, entry.Key)
                    .Where(row => row.Status == InboxStatus.Pending && row.DueAt <= now)
                    .ExecuteUpdateAsync(
                        row => row.SetProperty(r => r.LeaseId, leaseId).SetProperty(r => r.DueAt, now + leaseDuration), token)
                    .ConfigureAwait(false);
            }

            var leased = await context.Set<InboxEntity>()
                .AsNoTracking()
                .Where(entry => entry.LeaseId == leaseId)
                .ToListAsync(token).ConfigureAwait(false);
            return leased.ConvertAll(row => new LeasedInboxEntry(row.ToEntry(), leaseId, row.Attempts));
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

    private static IQueryable<InboxEntity> Find(DbContext context, string source, string tenantId, string key) =>
        context.Set<InboxEntity>().Where(entry =>
            entry.Source == source && entry.TenantId == tenantId && entry.Key == key);
}
