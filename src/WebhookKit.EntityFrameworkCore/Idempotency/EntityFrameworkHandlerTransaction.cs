using System.Data;
using System.Data.Common;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Storage;
using Microsoft.Extensions.DependencyInjection;
using WebhookKit.EntityFrameworkCore.Dialects;
using WebhookKit.Idempotency;
using WebhookKit.Identifiers;

namespace WebhookKit.EntityFrameworkCore.Idempotency;

/// <summary>Commits the claim and the handler's own rows in one transaction of the host's context.</summary>
internal sealed class EntityFrameworkHandlerTransaction(
    IServiceScopeFactory scopes, StoreDatabase database, DatabaseClock clock, IdGenerator ids, ClaimGate gate) : IHandlerTransaction
{
    public async ValueTask<HandlingResult> ExecuteAsync(
        WebhookClaim claim, Func<IServiceProvider, CancellationToken, Task> handler, CancellationToken cancellationToken)
    {
        if (!await gate.TryEnterAsync(claim, ClaimDefaults.BusyWait, cancellationToken).ConfigureAwait(false))
        {
            return HandlingResult.Busy;
        }

        try
        {
            // The token stays the same over all runs: a run that finds it knows that an earlier commit has happened.
            var claimToken = ids.NewLeaseId().Value;
            // A strategy is bound to its context, which must outlive it; each run gets a context of its own.
            return await database.ReadAsync(context => context.Database.CreateExecutionStrategy().ExecuteAsync(
                token => RunAsync(claim, claimToken, handler, token), cancellationToken)).ConfigureAwait(false);
        }
        finally
        {
            gate.Leave(claim);
        }
    }

    private async Task<HandlingResult> RunAsync(
        WebhookClaim claim, Guid claimToken, Func<IServiceProvider, CancellationToken, Task> handler, CancellationToken cancellationToken)
    {
        var scope = scopes.CreateAsyncScope();
        await using (scope.ConfigureAwait(false))
        {
            var context = database.GetContext(scope.ServiceProvider);
            using var turn = await database.Turns.TakeAsync(context, stepsBack: false, cancellationToken).ConfigureAwait(false);
            var transaction = await context.BeginWriteAsync(IsolationLevel.Unspecified, cancellationToken).ConfigureAwait(false);
            await using (transaction.ConfigureAwait(false))
            {
                var now = await clock.GetUtcNowAsync(context, cancellationToken).ConfigureAwait(false);
                var row = ClaimEntity.From(claim, claimToken, now);
                var found = await TryClaimAsync(context, row, now, cancellationToken).ConfigureAwait(false);
                if (found != HandlingResult.None)
                {
                    return found;
                }

                using (HandlerScope.Enter())
                {
                    await handler(scope.ServiceProvider, cancellationToken).ConfigureAwait(false);
                }

                await context.SaveChangesAsync(cancellationToken).ConfigureAwait(false);
                await CommitAsync(transaction, row, cancellationToken).ConfigureAwait(false);
                return HandlingResult.Handled;
            }
        }
    }

    private async Task<HandlingResult> TryClaimAsync(
        DbContext context, ClaimEntity claim, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var same = Same(context, claim);
        var first = await same.AsNoTracking().FirstOrDefaultAsync(cancellationToken).ConfigureAwait(false);
        if (first is not null && first.ExpiresAt > now)
        {
            return first.Token == claim.Token ? HandlingResult.Handled : HandlingResult.Duplicate;
        }

        try
        {
            await LockPatience.RunAsync(context, ClaimDefaults.BusyWait, async () =>
            {
                await same.Where(row => row.ExpiresAt <= now).ExecuteDeleteAsync(cancellationToken).ConfigureAwait(false);
                await context.InsertRowsAsync([claim], cancellationToken).ConfigureAwait(false);
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
            var isClaimed = await database.ReadAsync(
                other => Same(other, claim).AnyAsync(cancellationToken)).ConfigureAwait(false);
            if (isClaimed)
            {
                return HandlingResult.Duplicate;
            }

            throw;
        }
    }

    private async Task CommitAsync(IDbContextTransaction transaction, ClaimEntity claim, CancellationToken cancellationToken)
    {
        try
        {
            await transaction.CommitAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (Exception)
        {
            // The answer to the commit may have been lost on its way: only the claim's token tells.
            // The caller's token may be what broke the commit, so the question is asked without it.
            var isCommitted = await database.ReadAsync(
                other => Same(other, claim).AnyAsync(row => row.Token == claim.Token, CancellationToken.None)).ConfigureAwait(false);
            if (!isCommitted)
            {
                throw;
            }
        }
    }

    private static IQueryable<ClaimEntity> Same(DbContext context, ClaimEntity claim) =>
        context.Set<ClaimEntity>().Where(row =>
            row.Source == claim.Source && row.TenantId == claim.TenantId && row.Key == claim.Key);
}
