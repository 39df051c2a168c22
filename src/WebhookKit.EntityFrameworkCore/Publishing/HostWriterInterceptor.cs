using System.Data.Common;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Diagnostics;
using Microsoft.EntityFrameworkCore.Infrastructure;
using WebhookKit.EntityFrameworkCore.Dialects;
using WebhookKit.EntityFrameworkCore.Idempotency;

namespace WebhookKit.EntityFrameworkCore.Publishing;

/// <summary>Sees on SQLite when a context of the host wants to write, so that the dispatcher steps back.</summary>
/// <remarks>
/// Saves and transactions are seen; single statements past them (<c>ExecuteUpdate</c>, raw SQL) and writers outside of
/// EF Core are not, and meet the dispatcher in the database.
/// </remarks>
internal sealed class HostWriterInterceptor : DbTransactionInterceptor, ISaveChangesInterceptor
{
    public InterceptionResult<int> SavingChanges(DbContextEventData eventData, InterceptionResult<int> result)
    {
        Enter(eventData.Context, result.HasResult);
        return result;
    }

    public async ValueTask<InterceptionResult<int>> SavingChangesAsync(
        DbContextEventData eventData, InterceptionResult<int> result, CancellationToken cancellationToken = default)
    {
        await EnterAsync(eventData.Context, result.HasResult, cancellationToken).ConfigureAwait(false);
        return result;
    }

    public int SavedChanges(SaveChangesCompletedEventData eventData, int result)
    {
        LeaveAfterSave(eventData.Context);
        return result;
    }

    public ValueTask<int> SavedChangesAsync(
        SaveChangesCompletedEventData eventData, int result, CancellationToken cancellationToken = default) =>
        ValueTask.FromResult(SavedChanges(eventData, result));

    public void SaveChangesFailed(DbContextErrorEventData eventData) => LeaveAfterSave(eventData.Context);

    public Task SaveChangesFailedAsync(DbContextErrorEventData eventData, CancellationToken cancellationToken = default)
    {
        LeaveAfterSave(eventData.Context);
        return Task.CompletedTask;
    }

    public void SaveChangesCanceled(DbContextEventData eventData) => LeaveAfterSave(eventData.Context);

    public Task SaveChangesCanceledAsync(DbContextEventData eventData, CancellationToken cancellationToken = default)
    {
        LeaveAfterSave(eventData.Context);
        return Task.CompletedTask;
    }

    public override InterceptionResult<DbTransaction> TransactionStarting(
        DbConnection connection, TransactionStartingEventData eventData, InterceptionResult<DbTransaction> result)
    {
        Enter(eventData.Context, result.HasResult);
        return result;
    }

    public override async ValueTask<InterceptionResult<DbTransaction>> TransactionStartingAsync(
        DbConnection connection,
        TransactionStartingEventData eventData,
        InterceptionResult<DbTransaction> result,
        CancellationToken cancellationToken = default)
    {
        await EnterAsync(eventData.Context, result.HasResult, cancellationToken).ConfigureAwait(false);
        return result;
    }

    public override void TransactionCommitted(DbTransaction transaction, TransactionEndEventData eventData) =>
        Leave(eventData.Context);

    public override Task TransactionCommittedAsync(
        DbTransaction transaction, TransactionEndEventData eventData, CancellationToken cancellationToken = default)
    {
        Leave(eventData.Context);
        return Task.CompletedTask;
    }

    public override void TransactionRolledBack(DbTransaction transaction, TransactionEndEventData eventData) =>
        Leave(eventData.Context);

    public override Task TransactionRolledBackAsync(
        DbTransaction transaction, TransactionEndEventData eventData, CancellationToken cancellationToken = default)
    {
        Leave(eventData.Context);
        return Task.CompletedTask;
    }

    public override void TransactionFailed(DbTransaction transaction, TransactionErrorEventData eventData) =>
        Leave(eventData.Context);

    public override Task TransactionFailedAsync(
        DbTransaction transaction, TransactionErrorEventData eventData, CancellationToken cancellationToken = default)
    {
        Leave(eventData.Context);
        return Task.CompletedTask;
    }

    private static void Enter(DbContext? context, bool isSuppressed)
    {
        if (!isSuppressed && WantsLock(context))
        {
            HostsOf(context)?.Enter(context!.ContextId);
        }
    }

    private static ValueTask EnterAsync(DbContext? context, bool isSuppressed, CancellationToken cancellationToken) =>
        !isSuppressed && WantsLock(context) && HostsOf(context) is { } hosts
            ? hosts.EnterAsync(context!.ContextId, cancellationToken)
            : ValueTask.CompletedTask;

    // Inside a transaction of the caller the lock is held until that ends.
    private static void LeaveAfterSave(DbContext? context)
    {
        if (context?.Database.CurrentTransaction is null)
        {
            Leave(context);
        }
    }

    private static void Leave(DbContext? context) => HostsOf(context)?.Leave(context!.ContextId);

    // Who is inside a transaction has the lock; in a handler it is the handler's turn that one would wait for.
    private static bool WantsLock(DbContext? context) =>
        context?.Database.CurrentTransaction is null && !HandlerScope.IsActive;

    private static HostWriters? HostsOf(DbContext? context) =>
        context?.Database.IsSqlite() == true
            ? context.GetService<IDbContextOptions>().FindExtension<CaptureOptionsExtension>()?.Hosts
            : null;
}
