using System.Data.Common;
using System.Transactions;
using Microsoft.EntityFrameworkCore.Diagnostics;

namespace WebhookKit.EntityFrameworkCore.Publishing;

/// <summary>Hears what becomes of the transactions that messages are saved in.</summary>
internal sealed class CommitInterceptor : DbTransactionInterceptor
{
    public override DbTransaction TransactionStarted(DbConnection connection, TransactionEndEventData eventData, DbTransaction result)
    {
        TransactionOutcome.Begin(result, eventData.Context?.ContextId);
        return result;
    }

    public override ValueTask<DbTransaction> TransactionStartedAsync(
        DbConnection connection, TransactionEndEventData eventData, DbTransaction result, CancellationToken cancellationToken = default) =>
        ValueTask.FromResult(TransactionStarted(connection, eventData, result));

    public override DbTransaction TransactionUsed(DbConnection connection, TransactionEventData eventData, DbTransaction result)
    {
        // Before the context takes part in it: the object may be that of the transaction it has left.
        MessageCapture.Of(eventData.Context)?.Settle();
        if (TransactionOutcome.Of(result).Status != TransactionStatus.Active)
        {
            TransactionOutcome.Begin(result);
        }

        return result;
    }

    public override ValueTask<DbTransaction> TransactionUsedAsync(
        DbConnection connection, TransactionEventData eventData, DbTransaction result, CancellationToken cancellationToken = default) =>
        ValueTask.FromResult(TransactionUsed(connection, eventData, result));

    public override InterceptionResult TransactionCommitting(
        DbTransaction transaction, TransactionEventData eventData, InterceptionResult result) =>
        !TransactionOutcome.Of(transaction).IsDoomed ? result : throw CaptureErrors.Doomed();

    public override ValueTask<InterceptionResult> TransactionCommittingAsync(
        DbTransaction transaction, TransactionEventData eventData, InterceptionResult result, CancellationToken cancellationToken = default) =>
        ValueTask.FromResult(TransactionCommitting(transaction, eventData, result));

    public override void TransactionCommitted(DbTransaction transaction, TransactionEndEventData eventData) =>
        Complete(transaction, eventData, TransactionStatus.Committed);

    public override Task TransactionCommittedAsync(
        DbTransaction transaction, TransactionEndEventData eventData, CancellationToken cancellationToken = default)
    {
        Complete(transaction, eventData, TransactionStatus.Committed);
        return Task.CompletedTask;
    }

    public override void TransactionRolledBack(DbTransaction transaction, TransactionEndEventData eventData) =>
        Complete(transaction, eventData, TransactionStatus.Aborted);

    public override Task TransactionRolledBackAsync(
        DbTransaction transaction, TransactionEndEventData eventData, CancellationToken cancellationToken = default)
    {
        Complete(transaction, eventData, TransactionStatus.Aborted);
        return Task.CompletedTask;
    }

    public override void TransactionFailed(DbTransaction transaction, TransactionErrorEventData eventData) =>
        Complete(transaction, eventData, TransactionStatus.Aborted);

    public override Task TransactionFailedAsync(
        DbTransaction transaction, TransactionErrorEventData eventData, CancellationToken cancellationToken = default)
    {
        Complete(transaction, eventData, TransactionStatus.Aborted);
        return Task.CompletedTask;
    }

    public override void RolledBackToSavepoint(DbTransaction transaction, TransactionEventData eventData) =>
        TransactionOutcome.Of(transaction).HasUndoneSavepoint = true;

    public override Task RolledBackToSavepointAsync(
        DbTransaction transaction, TransactionEventData eventData, CancellationToken cancellationToken = default)
    {
        RolledBackToSavepoint(transaction, eventData);
        return Task.CompletedTask;
    }

    private static void Complete(DbTransaction transaction, TransactionEventData eventData, TransactionStatus status)
    {
        TransactionOutcome.Of(transaction).Complete(status);
        MessageCapture.Of(eventData.Context)?.Settle();
    }
}
