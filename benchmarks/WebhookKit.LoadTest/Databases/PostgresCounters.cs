using Npgsql;

namespace WebhookKit.LoadTest.Databases;

/// <summary>Lets PostgreSQL count: statements by pg_stat_statements, its log by position, full-page images by pg_walinspect.</summary>
internal sealed class PostgresCounters
{
    private readonly NpgsqlDataSource _source;
    private readonly bool _countsStatements;
    private readonly bool _readsLog;
    private string _logStart = "0/0";
    private double? _cpuStart;

    private PostgresCounters(NpgsqlDataSource source, bool countsStatements, bool readsLog)
    {
        _source = source;
        _countsStatements = countsStatements;
        _readsLog = readsLog;
    }

    public static async Task<PostgresCounters> CreateAsync(NpgsqlDataSource source, CancellationToken cancellationToken)
    {
        var isLoaded = await AskAsync<string>(source, "SELECT current_setting('shared_preload_libraries')", cancellationToken)
            is { } loaded && loaded.Contains("pg_stat_statements", StringComparison.Ordinal);
        var statements = isLoaded && await TryAddExtensionAsync(source, "pg_stat_statements", cancellationToken);
        var log = await TryAddExtensionAsync(source, "pg_walinspect", cancellationToken);
        if (!statements || !log)
        {
            Console.Error.WriteLine("This server lacks pg_stat_statements (preloaded) or pg_walinspect, or the rights to add them: "
                + "statements or full-page images are not counted.");
        }

        return new PostgresCounters(source, statements, log);
    }

    public async Task StartLogAsync(CancellationToken cancellationToken) =>
        _logStart = (await AskAsync<string>(_source, "SELECT pg_current_wal_insert_lsn()::text", cancellationToken))!;

    public async Task StartCountingAsync(CancellationToken cancellationToken)
    {
        if (_countsStatements)
        {
            await AskAsync<object>(_source, "SELECT pg_stat_statements_reset()", cancellationToken);
        }

        _cpuStart = await ReadCpuAsync(cancellationToken);
    }

    public async Task<DatabaseCost> ReadAsync(CancellationToken cancellationToken)
    {
        var cpu = await ReadCpuAsync(cancellationToken) - _cpuStart;
        long? statements = _countsStatements
            ? (long)await AskAsync<decimal>(_source, $"SELECT coalesce(sum(calls), 0) FROM pg_stat_statements WHERE {OfThisDatabase}", cancellationToken)
            : null;
        var end = await AskAsync<string>(_source, "SELECT pg_current_wal_insert_lsn()::text", cancellationToken);
        var written = (long)await AskAsync<decimal>(_source, $"SELECT '{end}'::pg_lsn - '{_logStart}'::pg_lsn", cancellationToken);
        if (!_readsLog)
        {
            return new DatabaseCost(statements, written, null, cpu);
        }

        // Only what has been flushed can be read back.
        await AskAsync<object>(_source, "SELECT pg_switch_wal()", cancellationToken);
        var images = (long)await AskAsync<decimal>(
            _source, $"SELECT coalesce(sum(fpi_size), 0) FROM pg_get_wal_stats('{_logStart}', '{end}')", cancellationToken);
        return new DatabaseCost(statements, written - images, images, cpu);
    }

    public async Task<IReadOnlyList<string>> ReadTopStatementsAsync(CancellationToken cancellationToken)
    {
        if (!_countsStatements)
        {
            return [];
        }

        var top = new List<string>();
        await using var command = _source.CreateCommand($"""
            SELECT calls, rows, total_exec_time, regexp_replace(query, '\s+', ' ', 'g')
            FROM pg_stat_statements WHERE {OfThisDatabase} ORDER BY total_exec_time DESC LIMIT 15
            """);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        while (await reader.ReadAsync(cancellationToken))
        {
            var text = reader.GetString(3);
            top.Add($"{reader.GetDouble(2),9:F1} ms {reader.GetInt64(0),8} calls {reader.GetInt64(1),8} rows  {text[..Math.Min(text.Length, 200)]}");
        }

        return top;
    }

    private const string OfThisDatabase = "dbid = (SELECT oid FROM pg_database WHERE datname = current_database())";

    private async Task<double?> ReadCpuAsync(CancellationToken cancellationToken) =>
        ProcessFamily.ReadCpuSeconds(await AskAsync<int>(_source, "SELECT pg_backend_pid()", cancellationToken));

    private static async Task<bool> TryAddExtensionAsync(NpgsqlDataSource source, string name, CancellationToken cancellationToken)
    {
        try
        {
            await AskAsync<object>(source, $"CREATE EXTENSION IF NOT EXISTS {name}", cancellationToken);
            return true;
        }
        catch (PostgresException)
        {
            return false;
        }
    }

    private static async Task<T?> AskAsync<T>(NpgsqlDataSource source, string sql, CancellationToken cancellationToken)
    {
        await using var command = source.CreateCommand(sql);
        command.CommandTimeout = 300;
        return await command.ExecuteScalarAsync(cancellationToken) is T value ? value : default;
    }
}
