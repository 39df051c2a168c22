using Microsoft.Extensions.DependencyInjection;
using WebhookKit.Idempotency;
using WebhookKit.Inbox;

namespace WebhookKit.Chaos.Duplicates;

/// <summary>Handles every copy, so that the checker has something to find.</summary>
internal sealed class UnclaimedHandlerTransaction(IServiceScopeFactory scopes) : IHandlerTransaction
{
    public ValueTask<HandlingResult> ExecuteAsync(
        WebhookClaim claim, Func<IServiceProvider, CancellationToken, Task> handler, CancellationToken cancellationToken) =>
        HandleAsync(handler, cancellationToken);

    public ValueTask<HandlingResult> ExecuteAsync(
        LeasedInboxEntry entry, Func<IServiceProvider, CancellationToken, Task> handler, CancellationToken cancellationToken) =>
        HandleAsync(handler, cancellationToken);

    private async ValueTask<HandlingResult> HandleAsync(
        Func<IServiceProvider, CancellationToken, Task> handler, CancellationToken cancellationToken)
    {
        await using var scope = scopes.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<EffectsDb>();
        await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
        await handler(scope.ServiceProvider, cancellationToken);
        await db.SaveChangesAsync(cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return HandlingResult.Handled;
    }
}
