using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using WebhookKit.EntityFrameworkCore.Dialects;
using WebhookKit.EntityFrameworkCore.Tests.Postgres;
using WebhookKit.StoreConformance;

namespace WebhookKit.EntityFrameworkCore.Tests.Conformance;

/// <summary>The EF Core stores of one process on a PostgreSQL schema of its own, or on another's.</summary>
internal sealed class PostgresHarness : EntityFrameworkHarness
{
    private readonly PostgresSchema _schema;
    private readonly bool _isOwner;

    private readonly Dialect? _dialect;

    private PostgresHarness(PostgresSchema schema, bool isOwner, Dialect? dialect, Action<DbContextOptionsBuilder>? configure = null)
        : base(
            options =>
            {
                options.UseNpgsql(schema.ConnectionString);
                configure?.Invoke(options);
            },
            dialect)
    {
        _dialect = dialect;
        _schema = schema;
        _isOwner = isOwner;
    }

    public static async Task<StoreHarness> CreateAsync() => await CreateFirstAsync();

    public static async Task<StoreHarness> CreatePortableAsync() => await CreateFirstAsync(Dialect.Portable);

    public static async Task<PostgresHarness> CreateFirstAsync(Dialect? dialect = null, Action<DbContextOptionsBuilder>? configure = null)
    {
        var harness = new PostgresHarness(await PostgresSchema.CreateAsync(), isOwner: true, dialect, configure);
        await harness.UseAsync(PostgresSchema.CreateTablesAsync);
        return harness;
    }

    /// <summary>Another process on the same database: nothing is shared in memory.</summary>
    public PostgresHarness CreateSecond() => new(_schema, isOwner: false, _dialect);

    /// <summary>Gives the bound of the transaction that the scope's context is in.</summary>
    public static Task<string> ReadLockTimeoutAsync(IServiceProvider scope) =>
        scope.GetRequiredService<StoreContext>().Database.SqlQuery<string>($"SELECT current_setting('lock_timeout') AS \"Value\"").SingleAsync();

    /// <summary>Holds every row of the deliveries until it is disposed.</summary>
    public Task<IAsyncDisposable> LockDeliveriesAsync() => HoldAsync("SELECT FROM webhook_deliveries FOR UPDATE");

    /// <summary>Lets nobody write the state of endpoints until it is disposed.</summary>
    public Task<IAsyncDisposable> LockEndpointStatesAsync() => HoldAsync("LOCK TABLE webhook_endpoint_state IN SHARE MODE");

    private async Task<IAsyncDisposable> HoldAsync(string statement)
    {
        var connection = new NpgsqlConnection(_schema.ConnectionString);
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand($"BEGIN; {statement}", connection);
        await command.ExecuteNonQueryAsync();
        return connection;
    }

    /// <summary>Runs one more statement in the transaction that holds the rows, and commits it.</summary>
    public static async Task CommitAsync(IAsyncDisposable holder, string sql)
    {
        await using var connection = (NpgsqlConnection)holder;
        await using var command = new NpgsqlCommand($"{sql}; COMMIT", connection);
        await command.ExecuteNonQueryAsync();
    }

    /// <summary>Waits until so many statements stand before a lock.</summary>
    public async Task WaitUntilBlockedAsync(int transactions = 1)
    {
        using var deadline = new CancellationTokenSource(PostgresNodes.Patience);
        var blocked = 0;
        while (blocked < transactions)
        {
            await UseAsync(async db => blocked = await db.Database.SqlQuery<int>(
                $"""
                SELECT count(DISTINCT waiting.pid)::int AS "Value"
                FROM pg_locks waiting JOIN pg_locks held USING (pid) JOIN pg_class ON pg_class.oid = held.relation
                WHERE NOT waiting.granted AND relnamespace = current_schema()::regnamespace
                """).SingleAsync(deadline.Token));
            await Task.Delay(TimeSpan.FromMilliseconds(5), deadline.Token);
        }
    }

    /// <summary>Runs statements in one transaction.</summary>
    public Task ExecuteAsync(string sql) => UseAsync(db => db.Database.ExecuteSqlRawAsync(sql));

    public async Task<int> CountAsync<TEntity>()
        where TEntity : class
    {
        var rows = 0;
        await UseAsync(async db => rows = await db.Set<TEntity>().CountAsync());
        return rows;
    }

    /// <summary>Reads how many rows of a table were read by scanning it and through its indexes, once so many changes are known.</summary>
    public async Task<(long Scanned, long Fetched)> ReadScansAsync(string table, int changedRows)
    {
        // Connections tell what they have done when they end.
        await using (var connection = new NpgsqlConnection(_schema.ConnectionString))
        {
            NpgsqlConnection.ClearPool(connection);
        }

        using var deadline = new CancellationTokenSource(PostgresNodes.Patience);
        long[] counts;
        do
        {
            counts = [];
            await UseAsync(async db => counts = await db.Database.SqlQuery<long[]>(
                $"""
                SELECT ARRAY[n_tup_del + n_tup_upd, seq_tup_read, idx_tup_fetch] AS "Value" FROM pg_stat_user_tables
                WHERE relname = {table} AND schemaname = current_schema()
                """).SingleAsync(deadline.Token));
            await Task.Delay(TimeSpan.FromMilliseconds(20), deadline.Token);
        }
        while (counts[0] < changedRows);
        return (counts[1], counts[2]);
    }

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        if (_isOwner)
        {
            await _schema.DisposeAsync();
        }
    }
}
