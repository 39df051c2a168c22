using System.Diagnostics;

namespace WebhookKit.EntityFrameworkCore.Tests.Postgres;

/// <summary>The server named in <c>WEBHOOKKIT_POSTGRES</c>, otherwise a private one that ends with the test process.</summary>
internal static class PostgresServer
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);
    // The script stops the server when its input ends: when this process does, also by a kill.
    private static Process? _script;

    private static readonly Task<string> Server = StartAsync();

    public static Task<string> GetConnectionStringAsync() => Server;

    private static async Task<string> StartAsync()
    {
        if (Environment.GetEnvironmentVariable("WEBHOOKKIT_POSTGRES") is { Length: > 0 } given)
        {
            return given;
        }

        _script = Process.Start(new ProcessStartInfo("bash", [Path.Combine(AppContext.BaseDirectory, "postgres.sh")])
        {
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        var errors = _script.StandardError.ReadToEndAsync();
        return await _script.StandardOutput.ReadLineAsync().WaitAsync(Patience)
            ?? throw new InvalidOperationException($"No PostgreSQL for the tests: {await errors}");
    }
}
