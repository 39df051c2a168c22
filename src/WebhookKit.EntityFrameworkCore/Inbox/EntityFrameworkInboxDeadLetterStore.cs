using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Query;
using WebhookKit.Deliveries;
using WebhookKit.EntityFrameworkCore.Dialects;
using WebhookKit.Inbox;

namespace WebhookKit.EntityFrameworkCore.Inbox;

/// <summary>Dead letters of the inbox in the host's own database, by the index of what is finished.</summary>
internal sealed class EntityFrameworkInboxDeadLetterStore(StoreDatabase database, DatabaseClock clock) : IInboxDeadLetterStore
{
    // Some databases bind few parameters.
    private const int MaxKeys = 500;

    public async ValueTask<InboxDeadLetterPreview> PreviewAsync(InboxDeadLetterSelection selection, CancellationToken cancellationToken) =>
        await database.ReadAsync(async context =>
        {
            var now = await clock.GetUtcNowAsync(context, cancellationToken).ConfigureAwait(false);
            var bounded = selection with { Until = selection.Until ?? now };
            var count = await Select(context, bounded).CountAsync(cancellationToken).ConfigureAwait(false);
            return new InboxDeadLetterPreview(count, bounded);
        }).ConfigureAwait(false);

    public async ValueTask<IReadOnlyList<InboxDeadLetter>> ListAsync(
        InboxDeadLetterSelection selection, int maxLetters, InboxDeadLetter? after, CancellationToken cancellationToken) =>
        await database.ReadAsync(context =>
        {
            var letters = Select(context, selection);
            if (after is not null)
            {
                var (at, key, tenant) = (after.DeadLetteredAt, after.Key, after.TenantId ?? "");
                letters = letters.Where(entry => entry.DueAt > at
                    || (entry.DueAt == at
                        && (string.Compare(entry.Key, key) > 0 || (entry.Key == key && string.Compare(entry.TenantId, tenant) > 0))));
            }

            return letters
                .OrderBy(entry => entry.DueAt).ThenBy(entry => entry.Key).ThenBy(entry => entry.TenantId)
                .Take(maxLetters)
                .Select(entry => new InboxDeadLetter(
                    entry.Source, entry.TenantId == "" ? null : entry.TenantId, entry.Key, entry.EventType, entry.DueAt, entry.Attempts, entry.Error))
                .ToListAsync(cancellationToken);
        }).ConfigureAwait(false);

    public ValueTask<int> HandleAgainAsync(InboxDeadLetterSelection selection, int maxLetters, CancellationToken cancellationToken) =>
        EndAsync(
            selection,
            maxLetters,
            (row, now) => row
                .SetProperty(r => r.Status, InboxStatus.Pending)
                .SetProperty(r => r.DueAt, now)
                .SetProperty(r => r.LeaseId, (LeaseId?)null)
                .SetProperty(r => r.Attempts, 0)
                .SetProperty(r => r.Leases, 0)
                .SetProperty(r => r.Error, (string?)null),
            cancellationToken);

    public ValueTask<int> DiscardAsync(
        InboxDeadLetterSelection selection, string reason, int maxLetters, CancellationToken cancellationToken) =>
        EndAsync(
            selection,
            maxLetters,
            (row, now) => row
                .SetProperty(r => r.Status, InboxStatus.Discarded)
                .SetProperty(r => r.DueAt, now)
                .SetProperty(r => r.Error, reason),
            cancellationToken);

    private async ValueTask<int> EndAsync(
        InboxDeadLetterSelection selection,
        int maxLetters,
        Action<UpdateSettersBuilder<InboxEntity>, DateTimeOffset> change,
        CancellationToken cancellationToken) =>
        await database.WriteAsync(
            async (context, now, token) =>
            {
                var selected = Select(context, selection);
                var first = await selected
                    .OrderBy(entry => entry.DueAt)
                    .Take(Math.Min(maxLetters, MaxKeys))
                    .Select(entry => new { entry.TenantId, entry.Key })
                    .ToListAsync(token).ConfigureAwait(false);

                // Another call may have been faster: what it has changed fails the predicate. One tenant at a time, for
                // another's entry may have the same key.
                var count = 0;
                foreach (var tenant in first.GroupBy(entry => entry.TenantId, entry => entry.Key))
                {
                    var keys = tenant.Order(StringComparer.Ordinal).ToArray();
                    count += await selected.Where(entry => entry.TenantId == tenant.Key && keys.Contains(entry.Key))
                        .ExecuteUpdateAsync(row => change(row, now), token).ConfigureAwait(false);
                }

                return count;
            },
            cancellationToken).ConfigureAwait(false);

    // The status is a literal, so that the index of its rows is certain to apply.
    private static IQueryable<InboxEntity> Select(DbContext context, InboxDeadLetterSelection selection)
    {
        var letters = context.Set<InboxEntity>().AsNoTracking().Where(entry =>
            entry.Status == InboxStatus.DeadLettered && entry.Source == selection.Source && entry.ErasedAt == null);
        if (selection.TenantId is { } tenantId)
        {
            letters = letters.Where(entry => entry.TenantId == tenantId);
        }

        if (selection.Key is { } key)
        {
            letters = letters.Where(entry => entry.Key == key);
        }

        if (selection.Since is { } since)
        {
            letters = letters.Where(entry => entry.DueAt >= since);
        }

        return selection.Until is { } until ? letters.Where(entry => entry.DueAt <= until) : letters;
    }
}
