using Microsoft.Extensions.DependencyInjection;
using WebhookKit.Idempotency;
using WebhookKit.Inbox;
using WebhookKit.InMemory.Inbox;

namespace WebhookKit.InMemory.Idempotency;

/// <summary>Claims in memory, then runs the handler, then remembers the claim or frees it.</summary>
internal sealed class InMemoryHandlerTransaction(
    ClaimTable claims, InMemoryInboxStore inbox, IServiceScopeFactory scopes, TimeProvider timeProvider) : IHandlerTransaction
{
    public async ValueTask<HandlingResult> ExecuteAsync(
        WebhookClaim claim, Func<IServiceProvider, CancellationToken, Task> handler, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var key = ClaimIdentity.Of(claim);
        var refused = await BeginAsync(key, cancellationToken).ConfigureAwait(false);
        if (refused != HandlingResult.None)
        {
            return refused;
        }

        TimeSpan? memory = null;
        try
        {
            await RunAsync(handler, cancellationToken).ConfigureAwait(false);
            memory = claim.Memory;
            return HandlingResult.Handled;
        }
        finally
        {
            claims.End(key, memory);
        }
    }

    public async ValueTask<HandlingResult> ExecuteAsync(
        LeasedInboxEntry entry, Func<IServiceProvider, CancellationToken, Task> handler, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        if (!inbox.IsLeased(entry))
        {
            return HandlingResult.LeaseLost;
        }

        await RunAsync(handler, cancellationToken).ConfigureAwait(false);
        return inbox.Complete(new InboxCompletion(entry, InboxStatus.Handled)) ? HandlingResult.Handled : HandlingResult.LeaseLost;
    }

    private async Task RunAsync(Func<IServiceProvider, CancellationToken, Task> handler, CancellationToken cancellationToken)
    {
        var scope = scopes.CreateAsyncScope();
        await using (scope.ConfigureAwait(false))
        {
            await handler(scope.ServiceProvider, cancellationToken).ConfigureAwait(false);
        }
    }

    private async ValueTask<HandlingResult> BeginAsync(ClaimIdentity key, CancellationToken cancellationToken)
    {
        var start = timeProvider.GetTimestamp();
        while (true)
        {
            var result = claims.TryBegin(key, out var otherEnds);
            var remaining = ClaimDefaults.BusyWait - timeProvider.GetElapsedTime(start);
            if (result != HandlingResult.Busy || remaining <= TimeSpan.Zero)
            {
                return result;
            }

            try
            {
                await otherEnds.WaitAsync(remaining, timeProvider, cancellationToken).ConfigureAwait(false);
            }
            catch (TimeoutException)
            {
                return HandlingResult.Busy;
            }
        }
    }
}
