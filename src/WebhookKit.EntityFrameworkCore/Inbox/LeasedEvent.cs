using Microsoft.EntityFrameworkCore;
using WebhookKit.Deliveries;
using WebhookKit.EntityFrameworkCore.Idempotency;
using WebhookKit.Idempotency;
using WebhookKit.Inbox;

namespace WebhookKit.EntityFrameworkCore.Inbox;

/// <summary>An inbox entry that is marked handled in its handler's transaction, if the lease still holds then.</summary>
internal sealed class LeasedEvent(LeasedInboxEntry leased) : IHandledEvent
{
    private int _runs;

    public async Task<HandlingResult> BeginAsync(DbContext context, DateTimeOffset now, CancellationToken cancellationToken)
    {
        _runs++;
        var row = await Same(context).AsNoTracking()
            .Select(entry => new { entry.Status, entry.LeaseId })
            .FirstOrDefaultAsync(cancellationToken).ConfigureAwait(false);

        // A run after the first may find what an earlier one committed without hearing of it.
        return row?.LeaseId == leased.LeaseId ? HandlingResult.None
            : _runs > 1 && row?.Status == InboxStatus.Handled ? HandlingResult.Handled
            : HandlingResult.LeaseLost;
    }

    // Last, not first: the row is not locked while the handler runs, and a node that leases never waits for one.
    public async Task<HandlingResult> EndAsync(DbContext context, DateTimeOffset now, bool hasJustWritten, CancellationToken cancellationToken)
    {
        var written = await Same(context)
            .Where(entry => entry.LeaseId == leased.LeaseId)
            .ExecuteUpdateAsync(
                entry => entry
                    .SetProperty(e => e.Status, InboxStatus.Handled)
                    .SetProperty(e => e.DueAt, now)
                    .SetProperty(e => e.LeaseId, (LeaseId?)null)
                    .SetProperty(e => e.Error, (string?)null),
                cancellationToken).ConfigureAwait(false);
        return written == 1 ? HandlingResult.None : HandlingResult.LeaseLost;
    }

    public Task<bool> IsCommittedAsync(DbContext context, CancellationToken cancellationToken) =>
        Same(context).AnyAsync(entry => entry.Status == InboxStatus.Handled, cancellationToken);

    private IQueryable<InboxEntity> Same(DbContext context)
    {
        var claim = leased.Entry.Claim;
        var tenant = claim.TenantId ?? "";
        return context.Set<InboxEntity>().Where(entry =>
            entry.Key == claim.Key && entry.Source == claim.Source && entry.TenantId == tenant);
    }
}
