using System.Data.Common;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Diagnostics;
using WebhookKit.EntityFrameworkCore.Dialects;

namespace WebhookKit.EntityFrameworkCore.Publishing;

/// <summary>Lets SQLite itself wait for its lock on the host's connections, where the host has not said how long.</summary>
/// <remarks>
/// Without it the provider sleeps 150 ms each time it finds the lock taken, however short the other transaction is;
/// SQLite looks again after 1 ms, then ever less often. What is still locked after that waits as it would without us.
/// </remarks>
internal sealed class BusyTimeoutInterceptor : DbConnectionInterceptor
{
    // Another process has no reason to hold the lock for longer, and a thread is blocked meanwhile.
    private const int Milliseconds = 1_000;

    public override void ConnectionOpened(DbConnection connection, ConnectionEndEventData eventData) => Set(connection, eventData.Context);

    public override Task ConnectionOpenedAsync(
        DbConnection connection, ConnectionEndEventData eventData, CancellationToken cancellationToken = default)
    {
        Set(connection, eventData.Context);
        return Task.CompletedTask;
    }

    private static void Set(DbConnection connection, DbContext? context)
    {
        if (context?.Database.IsSqlite() != true)
        {
            return;
        }

        // EF Core also opens connections that are not the context's own, to see whether the database exists.
        using var command = connection.CreateCommand();
        command.CommandText = "PRAGMA busy_timeout";
        if (command.ExecuteScalar() is 0L)
        {
            command.CommandText = $"PRAGMA busy_timeout = {Milliseconds}";
            command.ExecuteNonQuery();
        }
    }
}
