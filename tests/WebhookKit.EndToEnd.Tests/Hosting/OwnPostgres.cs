using System.Diagnostics;
using Npgsql;

namespace WebhookKit.EndToEnd.Tests.Hosting;

/// <summary>A PostgreSQL server that belongs to one test class, so that it may crash.</summary>
public class OwnPostgres : IAsyncLifetime
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    private Process _script = null!;
    private string _server = null!;

    /// <summary>The process that the server descends from.</summary>
    protected int ScriptId => _script.Id;

    protected virtual string DatabaseOptions => "";

    public virtual async Task InitializeAsync()
    {
        // The script stops the server when its input ends: when this process does, also by a kill.
        var (program, arguments) = GetCommand(Path.Combine(AppContext.BaseDirectory, "postgres.sh"));
        _script = Process.Start(new ProcessStartInfo(program, arguments)
        {
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
        })!;
        // What a pool keeps does not outlive a crash.
        _server = await ReadLineAsync() + ";Pooling=false";
    }

    public virtual async Task DisposeAsync()
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
        await ExecuteAsync($"CREATE DATABASE {name} {DatabaseOptions}");
        return new NpgsqlConnectionStringBuilder(_server) { Database = name, Timeout = 60, Pooling = true }.ConnectionString;
    }

    /// <summary>Ends the server as a crash would, and waits until it has recovered.</summary>
    public async Task CrashAsync()
    {
        await _script.StandardInput.WriteLineAsync("crash");
        await _script.StandardInput.FlushAsync();
        await ReadLineAsync();
    }

    /// <summary>How the script is run.</summary>
    protected virtual (string Program, string[] Arguments) GetCommand(string script) => ("bash", [script]);

    protected async Task ExecuteAsync(string sql)
    {
        await using var connection = new NpgsqlConnection(_server);
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync();
    }

    private async Task<string> ReadLineAsync() =>
        await _script.StandardOutput.ReadLineAsync().WaitAsync(Patience) ?? throw new InvalidOperationException("There is no PostgreSQL.");
}
