using System.Diagnostics;
using Npgsql;

namespace WebhookKit.Chaos.Database;

/// <summary>The server named in <c>WEBHOOKKIT_POSTGRES</c>, otherwise a private one that ends with this process and can be crashed.</summary>
internal sealed class PostgresServer : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(3);

    private readonly Process? _script;

    private PostgresServer(string connectionString, Process? script)
    {
        ConnectionString = connectionString;
        _script = script;
    }

    public string ConnectionString { get; }

    /// <summary>Whether it is ours to crash.</summary>
    public bool IsPrivate => _script is not null;

    public static async Task<PostgresServer> StartAsync()
    {
        if (Environment.GetEnvironmentVariable("WEBHOOKKIT_POSTGRES") is { Length: > 0 } given)
        {
            return new PostgresServer(given, null);
        }

        // What a commit has promised must outlive a crash of the server; the machine itself does not crash, so fsync stays off.
        var script = Process.Start(new ProcessStartInfo(
            "bash",
            [
                Path.Combine(AppContext.BaseDirectory, "postgres.sh"),
                "-c", "synchronous_commit=on", "-c", "full_page_writes=on", "-c", "track_commit_timestamp=on",
            ])
        {
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
        })!;
        var connectionString = await script.StandardOutput.ReadLineAsync().WaitAsync(Patience)
            ?? throw new InvalidOperationException("No PostgreSQL server could be started; the reason stands above.");
        return new PostgresServer(connectionString, script);
    }

    /// <summary>Ends every process of the server at once and starts it again; returns when it has recovered.</summary>
    public async Task CrashAsync()
    {
        await AssertIsOursAsync();
        await _script!.StandardInput.WriteLineAsync("crash");
        _ = await _script.StandardOutput.ReadLineAsync().WaitAsync(Patience)
            ?? throw new InvalidOperationException("PostgreSQL did not come back; the reason stands above.");
    }

    public async ValueTask DisposeAsync()
    {
        if (_script is not null)
        {
            _script.StandardInput.Close();
            await _script.WaitForExitAsync();
            _script.Dispose();
        }
    }

    private async Task AssertIsOursAsync()
    {
        // A connection of its own: one from a pool may be of the time before the last crash.
        await using var connection = new NpgsqlConnection(
            new NpgsqlConnectionStringBuilder(ConnectionString) { Pooling = false }.ConnectionString);
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand("show data_directory", connection);
        var found = (string?)await command.ExecuteScalarAsync();
        var ours = $"{connection.Host}/cluster";
        if (_script is null || found != ours)
        {
            throw new InvalidOperationException($"The server keeps its data in {found}, not in {ours}: it is not ours to crash.");
        }
    }
}
