using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Diagnostics;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Storage;
using Microsoft.EntityFrameworkCore.Update;

namespace WebhookKit.EntityFrameworkCore.Publishing;

/// <summary>Takes messages along when a context saves.</summary>
internal sealed class CaptureInterceptor : SaveChangesInterceptor
{
    public override InterceptionResult<int> SavingChanges(DbContextEventData eventData, InterceptionResult<int> result)
    {
        if (!result.HasResult && MessageCapture.Of(eventData.Context) is { } capture)
        {
            if (capture.IsOwnTransactionStale)
            {
                EndOwnTransaction(capture, commit: false);
            }

            if (capture.Prepare())
            {
                capture.OwnTransaction = eventData.Context!.Database.BeginTransaction();
            }
        }

        return result;
    }

    public override async ValueTask<InterceptionResult<int>> SavingChangesAsync(
        DbContextEventData eventData, InterceptionResult<int> result, CancellationToken cancellationToken = default)
    {
        if (!result.HasResult && MessageCapture.Of(eventData.Context) is { } capture)
        {
            if (capture.IsOwnTransactionStale)
            {
                await EndOwnTransactionAsync(capture, commit: false, cancellationToken).ConfigureAwait(false);
            }

            if (capture.Prepare())
            {
                capture.OwnTransaction = await eventData.Context!.Database.BeginTransactionAsync(cancellationToken).ConfigureAwait(false);
            }
        }

        return result;
    }

    public override int SavedChanges(SaveChangesCompletedEventData eventData, int result)
    {
        if (MessageCapture.Of(eventData.Context) is { } capture)
        {
            if (capture.ReadDeferred() is { Count: > 0 } rows)
            {
                eventData.Context!.GetService<IDatabase>().SaveChanges(rows);
                Accept(rows);
            }

            EndOwnTransaction(capture, commit: true);
            capture.Saved();
        }

        return result;
    }

    public override async ValueTask<int> SavedChangesAsync(
        SaveChangesCompletedEventData eventData, int result, CancellationToken cancellationToken = default)
    {
        if (MessageCapture.Of(eventData.Context) is { } capture)
        {
            if (capture.ReadDeferred() is { Count: > 0 } rows)
            {
                await eventData.Context!.GetService<IDatabase>().SaveChangesAsync(rows, cancellationToken).ConfigureAwait(false);
                Accept(rows);
            }

            await EndOwnTransactionAsync(capture, commit: true, cancellationToken).ConfigureAwait(false);
            capture.Saved();
        }

        return result;
    }

    public override void SaveChangesFailed(DbContextErrorEventData eventData) => TakeBack(eventData.Context);

    public override void SaveChangesCanceled(DbContextEventData eventData) => TakeBack(eventData.Context);

    public override Task SaveChangesFailedAsync(DbContextErrorEventData eventData, CancellationToken cancellationToken = default) =>
        TakeBackAsync(eventData.Context);

    public override Task SaveChangesCanceledAsync(DbContextEventData eventData, CancellationToken cancellationToken = default) =>
        TakeBackAsync(eventData.Context);

    private static void TakeBack(DbContext? context)
    {
        if (MessageCapture.Of(context) is { } capture)
        {
            var isRolledBack = capture.OwnTransaction is not null;
            EndOwnTransaction(capture, commit: false);
            capture.Failed(isRolledBack);
        }
    }

    // The caller's token is not passed on: a canceled save has to be taken back all the same.
    private static async Task TakeBackAsync(DbContext? context)
    {
        if (MessageCapture.Of(context) is { } capture)
        {
            var isRolledBack = capture.OwnTransaction is not null;
            await EndOwnTransactionAsync(capture, commit: false, CancellationToken.None).ConfigureAwait(false);
            capture.Failed(isRolledBack);
        }
    }

    private static void Accept(IEnumerable<IUpdateEntry> rows)
    {
        foreach (var row in rows)
        {
            row.EntityState = EntityState.Unchanged;
        }
    }

    private static void EndOwnTransaction(MessageCapture capture, bool commit)
    {
        if (capture.OwnTransaction is { } transaction)
        {
            if (commit)
            {
                transaction.Commit();
            }

            capture.OwnTransaction = null;
            transaction.Dispose();
        }
    }

    private static async ValueTask EndOwnTransactionAsync(MessageCapture capture, bool commit, CancellationToken cancellationToken)
    {
        if (capture.OwnTransaction is { } transaction)
        {
            if (commit)
            {
                await transaction.CommitAsync(cancellationToken).ConfigureAwait(false);
            }

            capture.OwnTransaction = null;
            await transaction.DisposeAsync().ConfigureAwait(false);
        }
    }
}
