using Microsoft.EntityFrameworkCore;
using WebhookKit.Diagnostics;

namespace WebhookKit.EntityFrameworkCore.Dialects;

/// <summary>Asks PostgreSQL; other databases cannot say.</summary>
internal sealed class EntityFrameworkStoreDiagnostics(StoreDatabase database) : IStoreDiagnostics
{
    // A role without pg_read_all_stats sees only its own sessions' transactions, which are those of the host.
    private const string OldestTransaction = """
        SELECT coalesce(extract(epoch FROM clock_timestamp() - least(
            (SELECT min(xact_start) FROM pg_stat_activity
                WHERE datname = current_database() AND pid <> pg_backend_pid()
                    AND (backend_xmin IS NOT NULL OR backend_xid IS NOT NULL)),
            (SELECT min(prepared) FROM pg_prepared_xacts WHERE database = current_database()))), 0)::double precision AS "Value"
        """;

    public async ValueTask<TimeSpan?> GetOldestSnapshotAgeAsync(CancellationToken cancellationToken) =>
        await database.ReadAsync(async context => context.Database.IsPostgreSql()
            ? TimeSpan.FromSeconds(Math.Max(0, await context.Database
                .SqlQueryRaw<double>(OldestTransaction).SingleAsync(cancellationToken).ConfigureAwait(false)))
            : (TimeSpan?)null).ConfigureAwait(false);
}
