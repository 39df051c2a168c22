using System.Data;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using WebhookKit.EntityFrameworkCore.DependencyInjection;

namespace WebhookKit.EntityFrameworkCore.Dialects;

/// <summary>Gives stores the owning context in a fresh scope, and short transactions on it.</summary>
internal abstract class StoreDatabase(IServiceScopeFactory scopes, DatabaseClock clock)
{
    private const int MaxRuns = 3;

    /// <summary>Whom transactions wait for before they begin.</summary>
    public WriterTurns Turns { get; } = new();

    /// <summary>Gives the context of a scope, the same that the host's code gets there.</summary>
    public abstract DbContext GetContext(IServiceProvider services);

    public async Task<T> ReadAsync<T>(Func<DbContext, Task<T>> read)
    {
        var scope = scopes.CreateAsyncScope();
        await using (scope.ConfigureAwait(false))
        {
            return await read(GetContext(scope.ServiceProvider)).ConfigureAwait(false);
        }
    }

    /// <summary>
    /// Runs the work in one READ COMMITTED transaction, again from the start when the strategy says so or another
    /// transaction was faster.
    /// </summary>
    /// <remarks>The work goes past the change tracker, so that a second run finds nothing of the first.</remarks>
    public async Task<T> WriteAsync<T>(
        Func<DbContext, DateTimeOffset, CancellationToken, Task<T>> write, CancellationToken cancellationToken)
    {
        var scope = scopes.CreateAsyncScope();
        await using (scope.ConfigureAwait(false))
        {
            var context = GetContext(scope.ServiceProvider);
            return await context.Database.CreateExecutionStrategy().ExecuteAsync(async token =>
            {
                for (var run = 1; ; run++)
                {
                    try
                    {
                        return await RunAsync(context, write, token).ConfigureAwait(false);
                    }
                    catch (Exception exception) when (run < MaxRuns && SqlStates.IsLostRace(exception))
                    {
                    }
                }
            }, cancellationToken).ConfigureAwait(false);
        }
    }

    private async Task<T> RunAsync<T>(
        DbContext context, Func<DbContext, DateTimeOffset, CancellationToken, Task<T>> write, CancellationToken cancellationToken)
    {
        using var turn = await Turns.TakeAsync(context, cancellationToken).ConfigureAwait(false);
        var transaction = await context.Database
            .BeginTransactionAsync(IsolationLevel.ReadCommitted, cancellationToken).ConfigureAwait(false);
        await using (transaction.ConfigureAwait(false))
        {
            var now = await clock.GetUtcNowAsync(context, cancellationToken).ConfigureAwait(false);
            var result = await write(context, now, cancellationToken).ConfigureAwait(false);
            await transaction.CommitAsync(cancellationToken).ConfigureAwait(false);
            return result;
        }
    }
}

/// <summary>The database of the context that owns WebhookKit's tables.</summary>
internal sealed class StoreDatabase<TContext>(IServiceScopeFactory scopes, DatabaseClock clock)
    : StoreDatabase(scopes, clock)
    where TContext : DbContext
{
    public override DbContext GetContext(IServiceProvider services) =>
        services.GetRequiredService<ScopedContext<TContext>>().Value;
}
