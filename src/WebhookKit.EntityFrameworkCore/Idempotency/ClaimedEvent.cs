using System.Data.Common;
using Microsoft.EntityFrameworkCore;
using WebhookKit.EntityFrameworkCore.Dialects;
using WebhookKit.Idempotency;

namespace WebhookKit.EntityFrameworkCore.Idempotency;

/// <summary>An event that is claimed by inserting a row; the row's token tells whether a commit has happened.</summary>
/// <param name="claim">The claim.</param>
/// <param name="token">Stays the same over all runs: a run that finds it knows that an earlier commit has happened.</param>
/// <param name="database">Answers questions outside the transaction.</param>
internal sealed class ClaimedEvent(WebhookClaim claim, Guid token, StoreDatabase database) : IHandledEvent
{
    public async Task<HandlingResult> BeginAsync(DbContext context, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var same = Same(context);
        var first = await same.AsNoTracking().FirstOrDefaultAsync(cancellationToken).ConfigureAwait(false);
        if (first is not null && first.ExpiresAt > now)
        {
            return first.Token == token ? HandlingResult.Handled : HandlingResult.Duplicate;
        }

        try
        {
            await LockPatience.RunAsync(context, ClaimDefaults.BusyWait, async () =>
            {
                await same.Where(row => row.ExpiresAt <= now).ExecuteDeleteAsync(cancellationToken).ConfigureAwait(false);
                await context.InsertRowsAsync([ClaimEntity.From(claim, token, now)], cancellationToken).ConfigureAwait(false);
            }, cancellationToken).ConfigureAwait(false);
            return HandlingResult.None;
        }
        catch (Exception exception) when (SqlStates.IsLockNotAvailable(exception))
        {
            return HandlingResult.Busy;
        }
        catch (DbException)
        {
            // Another node's copy committed between the look and the insert; anything else is a real fault.
            // This transaction may answer nothing more, and must not keep a connection while another is asked for.
            await context.Database.CurrentTransaction!.DisposeAsync().ConfigureAwait(false);
            var isClaimed = await database.ReadAsync(other => Same(other).AnyAsync(cancellationToken)).ConfigureAwait(false);
            if (isClaimed)
            {
                return HandlingResult.Duplicate;
            }

            throw;
        }
    }

    // PostgreSQL answers the commit of a transaction in which a statement has failed with a rollback, and no error.
    public async Task<HandlingResult> EndAsync(
        DbContext context, DateTimeOffset now, bool hasJustWritten, CancellationToken cancellationToken)
    {
        if (hasJustWritten || await HasClaimAsync(context, cancellationToken).ConfigureAwait(false))
        {
            return HandlingResult.None;
        }

        throw Lost(null);
    }

    public Task<bool> IsCommittedAsync(DbContext context, CancellationToken cancellationToken) =>
        Same(context).AnyAsync(row => row.Token == token, cancellationToken);

    private async Task<bool> HasClaimAsync(DbContext context, CancellationToken cancellationToken)
    {
        try
        {
            return await IsCommittedAsync(context, cancellationToken).ConfigureAwait(false);
        }
        catch (DbException exception)
        {
            throw Lost(exception);
        }
    }

    private static WebhookException Lost(Exception? cause) => new(
        "The handler's transaction can no longer be committed: the handler has rolled it back, or has caught the exception of a statement "
        + "that failed in it. Let the exception pass, or run the statement after CreateSavepointAsync and roll back to that.",
        cause);

    private IQueryable<ClaimEntity> Same(DbContext context)
    {
        var tenant = claim.TenantId ?? "";
        return context.Set<ClaimEntity>().Where(row =>
            row.Source == claim.Source && row.TenantId == tenant && row.Key == claim.Key);
    }
}
