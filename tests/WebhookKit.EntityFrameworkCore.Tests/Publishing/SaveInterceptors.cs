using System.Data.Common;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Diagnostics;
using Microsoft.EntityFrameworkCore.Storage;

namespace WebhookKit.EntityFrameworkCore.Tests.Publishing;

internal sealed class TransientException() : Exception("The connection was lost.");

/// <summary>Retries what failed with a <see cref="TransientException"/>, at once.</summary>
internal sealed class RetryingStrategyFactory(ExecutionStrategyDependencies dependencies) : IExecutionStrategyFactory
{
    public IExecutionStrategy Create() => new Retrying(dependencies);

    private sealed class Retrying(ExecutionStrategyDependencies dependencies)
        : ExecutionStrategy(dependencies, maxRetryCount: 3, maxRetryDelay: TimeSpan.Zero)
    {
        protected override bool ShouldRetryOn(Exception exception) => exception is TransientException;

        protected override TimeSpan? GetNextDelay(Exception lastException) =>
            base.GetNextDelay(lastException) is null ? null : TimeSpan.Zero;
    }
}

/// <summary>Fails as many commits as it is told to.</summary>
internal sealed class FailingCommits : DbTransactionInterceptor
{
    public int Remaining { get; set; }

    public override InterceptionResult TransactionCommitting(
        DbTransaction transaction, TransactionEventData eventData, InterceptionResult result) =>
        Remaining-- <= 0 ? result : throw new TransientException();

    public override ValueTask<InterceptionResult> TransactionCommittingAsync(
        DbTransaction transaction, TransactionEventData eventData, InterceptionResult result, CancellationToken cancellationToken = default) =>
        new(TransactionCommitting(transaction, eventData, result));
}

/// <summary>Runs once in place of the next commit.</summary>
internal sealed class CommitFaults : DbTransactionInterceptor
{
    public Action<DbTransaction>? Next { get; set; }

    public override InterceptionResult TransactionCommitting(
        DbTransaction transaction, TransactionEventData eventData, InterceptionResult result)
    {
        (var fault, Next) = (Next, null);
        fault?.Invoke(transaction);
        return result;
    }

    public override ValueTask<InterceptionResult> TransactionCommittingAsync(
        DbTransaction transaction, TransactionEventData eventData, InterceptionResult result, CancellationToken cancellationToken = default) =>
        new(TransactionCommitting(transaction, eventData, result));
}

/// <summary>Counts the commands that EF sends.</summary>
internal sealed class CommandCounter : DbCommandInterceptor
{
    public int Count { get; set; }

    public override DbCommand CommandInitialized(CommandEndEventData eventData, DbCommand result)
    {
        Count++;
        return result;
    }
}

/// <summary>Runs once around the next save.</summary>
internal sealed class SaveHook : SaveChangesInterceptor
{
    public Func<DbContext, Task>? Saving { get; set; }

    public Func<DbContext, Task>? Saved { get; set; }

    public override async ValueTask<InterceptionResult<int>> SavingChangesAsync(
        DbContextEventData eventData, InterceptionResult<int> result, CancellationToken cancellationToken = default)
    {
        (var hook, Saving) = (Saving, null);
        await (hook?.Invoke(eventData.Context!) ?? Task.CompletedTask);
        return result;
    }

    public override async ValueTask<int> SavedChangesAsync(
        SaveChangesCompletedEventData eventData, int result, CancellationToken cancellationToken = default)
    {
        (var hook, Saved) = (Saved, null);
        await (hook?.Invoke(eventData.Context!) ?? Task.CompletedTask);
        return result;
    }
}
