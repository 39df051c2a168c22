using System.Data;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Storage;

namespace WebhookKit.EntityFrameworkCore.Dialects;

/// <summary>Begins transactions that write.</summary>
internal static class WriteTransaction
{
    /// <summary>Begins a transaction; on SQLite it holds the one write lock from the beginning.</summary>
    public static async Task<IDbContextTransaction> BeginWriteAsync(
        this DbContext context, IsolationLevel isolation, CancellationToken cancellationToken)
    {
        if (!context.Database.IsSqlite())
        {
            return await context.Database.BeginTransactionAsync(isolation, cancellationToken).ConfigureAwait(false);
        }

        await context.Database.OpenConnectionAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            // The provider by itself looks at the lock only every 150 ms; SQLite first after 1 ms, then ever less often.
            // When it gives up, the provider begins anew until the time for a command is over.
            await context.CreateCommand("PRAGMA busy_timeout = 5000").RunAsync(cancellationToken).ConfigureAwait(false);
            return await context.Database.BeginTransactionAsync(isolation, cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            await context.Database.CloseConnectionAsync().ConfigureAwait(false);
        }
    }
}
