using System.Data;
using System.Transactions;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using WebhookKit.EntityFrameworkCore.DependencyInjection;

namespace WebhookKit.EntityFrameworkCore.Dialects;

/// <summary>Gives stores the owning context in a fresh scope, and short transactions on it.</summary>
internal abstract class StoreDatabase(
    IServiceScopeFactory scopes, DatabaseClock clock, DialectChoice choice, WriterTurns turns, KeptContexts kept)
{
    private const int MaxRuns = 3;

    private Dialect? _dialect;

    /// <summary>Whom transactions wait for before they begin.</summary>
    public WriterTurns Turns => turns;

    /// <summary>How statements are written for the owning context's database.</summary>
    public Dialect Dialect => choice.Dialect ?? (_dialect ??= FindDialect());

    /// <summary>Gives the context of a scope, the same that the host's code gets there.</summary>
    public abstract DbContext GetContext(IServiceProvider services);

    /// <param name="read">Reads.</param>
    /// <param name="isMoreToFollow">Whether, after this result, another call is about to follow; see <see cref="KeptContexts"/>.</param>
    public Task<T> ReadAsync<T>(Func<DbContext, Task<T>> read, Func<T, bool>? isMoreToFollow = null) =>
        WithContextAsync(read, isMoreToFollow);

    /// <summary>
    /// Runs the work in one READ COMMITTED transaction, again from the start when the strategy says so or another
    /// transaction was faster.
    /// </summary>
    /// <remarks>The work goes past the change tracker, so that a second run finds nothing of the first.</remarks>
    public Task<T> WriteAsync<T>(
        Func<DbContext, DateTimeOffset, CancellationToken, Task<T>> write, CancellationToken cancellationToken) =>
        WriteAsync(write, stepsBack: true, cancellationToken);

    /// <summary>Does the same for code of the host that waits for it: it does not step back for the host's other writers.</summary>
    public Task<T> WriteForHostAsync<T>(
        Func<DbContext, DateTimeOffset, CancellationToken, Task<T>> write, CancellationToken cancellationToken) =>
        WriteAsync(write, stepsBack: false, cancellationToken);

    /// <summary>Does the same without asking for the time: the statements have it from the database.</summary>
    public Task<T> WriteAsync<T>(Func<DbContext, CancellationToken, Task<T>> write, CancellationToken cancellationToken) =>
        RunAsync(
            (context, token) => InTransactionAsync(context, (_, _) => write(context, token), stepsBack: true, token), cancellationToken);

    /// <summary>Does the same for work whose first statement asks for the time itself, and sets <see cref="IdlePatience"/>.</summary>
    /// <param name="write">Writes.</param>
    /// <param name="isMoreToFollow">Whether, after this result, another call is about to follow; see <see cref="KeptContexts"/>.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public Task<T> WriteBegunAsync<T>(
        Func<DbContext, CancellationToken, Task<T>> write, Func<T, bool> isMoreToFollow, CancellationToken cancellationToken) =>
        RunAsync(
            (context, token) => InTransactionAsync(context, _ => write(context, token), stepsBack: true, token),
            cancellationToken,
            isMoreToFollow);

    /// <summary>Writes a batch as several transactions on one connection, so that others get in between.</summary>
    /// <param name="parts">What is written together; see <see cref="TurnParts"/>. As many as its turn lasts share a transaction.</param>
    /// <param name="write">Writes one of them, at the given time.</param>
    /// <param name="written">Takes what each committed part came to: when a later one fails, these stand.</param>
    /// <param name="cancellationToken">Gives up; what is committed stands.</param>
    public Task WriteInTurnsAsync<TPart, TResult>(
        IReadOnlyList<TPart> parts,
        Func<RowCommands, DateTimeOffset, TPart, CancellationToken, Task<TResult>> write,
        List<TResult> written,
        CancellationToken cancellationToken)
    {
        return RunAsync(
            async (context, token) =>
            {
                using var commands = new RowCommands(context);
                await context.Database.OpenConnectionAsync(token).ConfigureAwait(false);
                try
                {
                    using var relaxed = RelaxedSync.Begin(context);
                    while (written.Count < parts.Count)
                    {
                        written.AddRange(await InTransactionAsync(
                            context, (turn, now) => WriteTurnAsync(commands, turn, now, token), stepsBack: true, token)
                            .ConfigureAwait(false));
                    }

                    return written.Count;
                }
                finally
                {
                    await context.Database.CloseConnectionAsync().ConfigureAwait(false);
                }
            },
            cancellationToken,
            _ => parts.Count > 1);

        async Task<List<TResult>> WriteTurnAsync(RowCommands commands, WriterTurns.Turn turn, DateTimeOffset now, CancellationToken token)
        {
            var results = new List<TResult>();
            do
            {
                results.Add(await write(commands, now, parts[written.Count + results.Count], token).ConfigureAwait(false));
            }
            while (written.Count + results.Count < parts.Count && turn.MayGoOn);

            return results;
        }
    }

    /// <summary>Runs one statement, which is its own transaction, again when another transaction was faster.</summary>
    /// <param name="run">Runs it.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <param name="isMoreToFollow">Whether, after this result, another call is about to follow; see <see cref="KeptContexts"/>.</param>
    public Task<T> RunStatementAsync<T>(
        Func<DbContext, CancellationToken, Task<T>> run, CancellationToken cancellationToken, Func<T, bool>? isMoreToFollow = null) =>
        RunAsync(
            async (context, token) =>
            {
                await context.Database.OpenConnectionAsync(token).ConfigureAwait(false);
                try
                {
                    return await run(context, token).ConfigureAwait(false);
                }
                finally
                {
                    await context.Database.CloseConnectionAsync().ConfigureAwait(false);
                }
            },
            cancellationToken,
            isMoreToFollow);

    private Task<T> WriteAsync<T>(
        Func<DbContext, DateTimeOffset, CancellationToken, Task<T>> write, bool stepsBack, CancellationToken cancellationToken) =>
        RunAsync(
            (context, token) => InTransactionAsync(context, (_, now) => write(context, now, token), stepsBack, token), cancellationToken);

    // What a store writes is durable when it returns, whatever becomes of the caller's own TransactionScope.
    private static TransactionScope? OutsideAmbientTransaction() => Transaction.Current is null
        ? null
        : new TransactionScope(TransactionScopeOption.Suppress, TransactionScopeAsyncFlowOption.Enabled);

    private Dialect FindDialect()
    {
        using var scope = scopes.CreateScope();
        var database = GetContext(scope.ServiceProvider).Database;
        return database.IsPostgreSql() ? Dialect.PostgreSql
            : database.IsSqlite() ? Dialect.Sqlite
            : Dialect.Portable;
    }

    private Task<T> RunAsync<T>(
        Func<DbContext, CancellationToken, Task<T>> run, CancellationToken cancellationToken, Func<T, bool>? isMoreToFollow = null) =>
        WithContextAsync(
            context => context.Database.CreateExecutionStrategy().ExecuteAsync(
                async token =>
                {
                    for (var runs = 1; ; runs++)
                    {
                        try
                        {
                            return await run(context, token).ConfigureAwait(false);
                        }
                        catch (Exception exception) when (runs < MaxRuns && SqlStates.IsLostRace(exception))
                        {
                        }
                    }
                },
                cancellationToken),
            isMoreToFollow);

    private async Task<T> WithContextAsync<T>(Func<DbContext, Task<T>> use, Func<T, bool>? isMoreToFollow)
    {
        using var apart = OutsideAmbientTransaction();
        var open = (isMoreToFollow is null ? null : kept.Take()) ?? NewContext();
        try
        {
            var result = await use(open.Context).ConfigureAwait(false);
            if (isMoreToFollow?.Invoke(result) == true && await kept.TryKeepAsync(open).ConfigureAwait(false))
            {
                open = null;
            }

            return result;
        }
        finally
        {
            if (open is not null)
            {
                await open.DisposeAsync().ConfigureAwait(false);
            }
        }
    }

    private OpenContext NewContext()
    {
        var scope = scopes.CreateAsyncScope();
        return new OpenContext(scope, GetContext(scope.ServiceProvider));
    }

    private Task<T> InTransactionAsync<T>(
        DbContext context, Func<WriterTurns.Turn, DateTimeOffset, Task<T>> write, bool stepsBack, CancellationToken cancellationToken) =>
        InTransactionAsync(
            context,
            async turn => await write(turn, await clock.BeginAsync(context, cancellationToken).ConfigureAwait(false)).ConfigureAwait(false),
            stepsBack,
            cancellationToken);

    private async Task<T> InTransactionAsync<T>(
        DbContext context, Func<WriterTurns.Turn, Task<T>> write, bool stepsBack, CancellationToken cancellationToken)
    {
        using var turn = await Turns.TakeAsync(context, stepsBack, cancellationToken).ConfigureAwait(false);
        var transaction = await context.BeginWriteAsync(System.Data.IsolationLevel.ReadCommitted, cancellationToken).ConfigureAwait(false);
        await using (transaction.ConfigureAwait(false))
        {
            var result = await write(turn).ConfigureAwait(false);
            await transaction.CommitAsync(cancellationToken).ConfigureAwait(false);
            return result;
        }
    }
}

/// <summary>The database of the context that owns WebhookKit's tables.</summary>
internal sealed class StoreDatabase<TContext>(
    IServiceScopeFactory scopes, DatabaseClock clock, DialectChoice choice, WriterTurns turns, KeptContexts kept)
    : StoreDatabase(scopes, clock, choice, turns, kept)
    where TContext : DbContext
{
    public override DbContext GetContext(IServiceProvider services) =>
        services.GetRequiredService<ScopedContext<TContext>>().Value;
}
