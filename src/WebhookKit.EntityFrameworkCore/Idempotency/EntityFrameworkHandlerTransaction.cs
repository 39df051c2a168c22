using System.Data;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Storage;
using Microsoft.Extensions.DependencyInjection;
using WebhookKit.EntityFrameworkCore.Dialects;
using WebhookKit.EntityFrameworkCore.Inbox;
using WebhookKit.Idempotency;
using WebhookKit.Identifiers;
using WebhookKit.Inbox;

namespace WebhookKit.EntityFrameworkCore.Idempotency;

/// <summary>Commits claim or inbox entry and the handler's own rows in one transaction of the host's context.</summary>
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
            return await ExecuteAsync(new ClaimedEvent(claim, ids.NewLeaseId().Value, database), handler, cancellationToken)
                .ConfigureAwait(false);
        }
        finally
        {
            gate.Leave(claim);
        }
    }

    public async ValueTask<HandlingResult> ExecuteAsync(
        LeasedInboxEntry entry, Func<IServiceProvider, CancellationToken, Task> handler, CancellationToken cancellationToken) =>
        await ExecuteAsync(new LeasedEvent(entry), handler, cancellationToken).ConfigureAwait(false);

    // A strategy is bound to its context, which must outlive it; each run gets a context of its own.
    private Task<HandlingResult> ExecuteAsync(
        IHandledEvent handled, Func<IServiceProvider, CancellationToken, Task> handler, CancellationToken cancellationToken) =>
        database.ReadAsync(context => context.Database.CreateExecutionStrategy().ExecuteAsync(
            token => RunAsync(handled, handler, token), cancellationToken));

    private async Task<HandlingResult> RunAsync(
        IHandledEvent handled, Func<IServiceProvider, CancellationToken, Task> handler, CancellationToken cancellationToken)
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
                var found = await handled.BeginAsync(context, now, cancellationToken).ConfigureAwait(false);
                if (found != HandlingResult.None)
                {
                    return found;
                }

                using (HandlerScope.Enter())
                {
                    await handler(scope.ServiceProvider, cancellationToken).ConfigureAwait(false);
                }

                var written = await context.SaveChangesAsync(cancellationToken).ConfigureAwait(false);
                var lost = await handled.EndAsync(context, now, written > 0, cancellationToken).ConfigureAwait(false);
                if (lost != HandlingResult.None)
                {
                    return lost;
                }

                await CommitAsync(transaction, handled, cancellationToken).ConfigureAwait(false);
                return HandlingResult.Handled;
            }
        }
    }

    private async Task CommitAsync(IDbContextTransaction transaction, IHandledEvent handled, CancellationToken cancellationToken)
    {
        try
        {
            await transaction.CommitAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (Exception)
        {
            // The answer to the commit may have been lost on its way: only the event's own row tells.
            // The caller's token may be what broke the commit, so the question is asked without it.
            var isCommitted = await database.ReadAsync(other => handled.IsCommittedAsync(other, CancellationToken.None)).ConfigureAwait(false);
            if (!isCommitted)
            {
                throw;
            }
        }
    }
}
