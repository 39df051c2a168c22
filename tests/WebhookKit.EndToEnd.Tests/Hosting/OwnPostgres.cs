using System.Diagnostics;
using Npgsql;

namespace WebhookKit.EndToEnd.Tests.Hosting;

/// <summary>A PostgreSQL server that belongs to one test class, so that it may crash.</summary>
public sealed class OwnPostgres : IAsyncLifetime
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    private Process _script = null!;
    private string _server = null!;

    public async Task InitializeAsync()
    {
        // The script stops the server when its input ends: when this process does, also by a kill.
        _script = Process.Start(new ProcessStartInfo("bash", [Path.Combine(AppContext.BaseDirectory, "postgres.sh")])
        {
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
        })!;
        // What a pool keeps does not outlive a crash.
        _server = await ReadLineAsync() + ";Pooling=false";
    }

    public async Task DisposeAsync()
    {
        NpgsqlConnection.ClearAllPools();
        _script.StandardInput.Close();
        await _script.WaitForExitAsync().WaitAsync(Patience);
        _script.Dispose();
    }

    /// <summary>Makes an empty database and gives its connection string.</summary>
    public async Task<string> CreateDatabaseAsync()
    {
        var name = $"test_{Guid.NewGuid():N}";
        await using var connection = new NpgsqlConnection(_server);
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand($"CREATE DATABASE {name}", connection);
        await command.ExecuteNonQueryAsync();
        return new NpgsqlConnectionStringBuilder(_server) { Database = name, Timeout = 2, Pooling = true }.ConnectionString;
    }

    /// <summary>Ends the server as a crash would, and waits until it has recovered.</summary>
    public async Task CrashAsync()
    {
        await _script.StandardInput.WriteLineAsync("crash");
        await _script.StandardInput.FlushAsync();
        await ReadLineAsync();
    }

    private async Task<string> ReadLineAsync() =>
        await _script.StandardOutput.ReadLineAsync().WaitAsync(Patience) ?? throw new InvalidOperationException("There is no PostgreSQL.");
}
