using System.Diagnostics;
using Npgsql;

namespace WebhookKit.LoadTest.Databases;

/// <summary>The server named in <c>WEBHOOKKIT_POSTGRES</c>, otherwise a private durable one that ends with this process.</summary>
internal sealed class PostgresServer : IAsyncDisposable
{
    public const string Variable = "WEBHOOKKIT_POSTGRES";

    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    // As a host would run it, and able to count: what the script leaves out for tests is on again here, and the log is
    // kept long enough to be read after a measurement.
    private static readonly string[] Settings =
    [
        "fsync=on", "synchronous_commit=on", "full_page_writes=on", "shared_buffers=512MB", "max_wal_size=4GB",
        "wal_keep_size=8GB", "shared_preload_libraries=pg_stat_statements", "pg_stat_statements.max=10000",
    ];

    private readonly Process? _script;
    private readonly string _connectionString;
    private int _databases;

    private PostgresServer(Process? script, string connectionString)
    {
        _script = script;
        _connectionString = connectionString;
    }

    public static async Task<PostgresServer> StartAsync(CancellationToken cancellationToken)
    {
        if (Environment.GetEnvironmentVariable(Variable) is { Length: > 0 } given)
        {
            return new PostgresServer(null, given);
        }

        var script = Process.Start(new ProcessStartInfo(
            "bash", [Path.Combine(AppContext.BaseDirectory, "postgres.sh"), .. Settings.SelectMany(setting => new[] { "-c", setting })])
        {
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
        })!;
        var connectionString = await script.StandardOutput.ReadLineAsync(cancellationToken).AsTask().WaitAsync(Patience, cancellationToken)
            ?? throw new LoadTestException($"No PostgreSQL could be started. Install it, or name a server in {Variable}.");
        return new PostgresServer(script, connectionString);
    }

    /// <summary>Makes a database with WebhookKit's tables.</summary>
    public async Task<PostgresDatabase> CreateDatabaseAsync(CancellationToken cancellationToken)
    {
        var name = $"load_{Environment.ProcessId}_{++_databases}";
        var server = NpgsqlDataSource.Create(_connectionString);
        await using (server)
        {
            await using var create = server.CreateCommand($"CREATE DATABASE {name}");
            await create.ExecuteNonQueryAsync(cancellationToken);
        }

        return await PostgresDatabase.CreateAsync(_connectionString, name, cancellationToken);
    }

    /// <summary>What a reader of the figures has to know about the server.</summary>
    public async Task<string> DescribeAsync(CancellationToken cancellationToken)
    {
        await using var server = NpgsqlDataSource.Create(_connectionString);
        await using var command = server.CreateCommand("""
            SELECT 'PostgreSQL ' || current_setting('server_version') || ', ' || string_agg(name || '=' || current_setting(name), ' ' ORDER BY name)
            FROM pg_settings
            WHERE name IN ('fsync', 'synchronous_commit', 'full_page_writes', 'shared_buffers', 'max_wal_size', 'shared_preload_libraries')
            """);
        return (string)(await command.ExecuteScalarAsync(cancellationToken))!;
    }

    public async ValueTask DisposeAsync()
    {
        if (_script is not null)
        {
            _script.StandardInput.Close();
            await _script.WaitForExitAsync().WaitAsync(Patience);
            _script.Dispose();
        }
    }
}
