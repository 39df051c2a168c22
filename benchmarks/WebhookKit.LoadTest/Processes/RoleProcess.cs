using System.Diagnostics;
using System.Text.Json;

namespace WebhookKit.LoadTest.Processes;

/// <summary>Another process of this program, asked through its standard input and answering on its standard output.</summary>
/// <remarks>It ends when its input does: with this process, whatever ends that.</remarks>
internal sealed class RoleProcess : IAsyncDisposable
{
    private static readonly TimeSpan ShutdownPatience = TimeSpan.FromSeconds(20);

    private readonly Process _process;
    private readonly string _role;

    private RoleProcess(Process process, string role)
    {
        _process = process;
        _role = role;
    }

    public int ProcessId => _process.Id;

    public static async Task<RoleProcess> StartAsync(string role, object settings, CancellationToken cancellationToken)
    {
        var program = typeof(RoleProcess).Assembly.Location;
        var process = Process.Start(new ProcessStartInfo("dotnet", [program, RoleCommand.Name, role])
        {
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
        })!;
        var started = new RoleProcess(process, role);
        try
        {
            await started.AskAsync<Nothing>("settings", settings, cancellationToken);
            return started;
        }
        catch
        {
            await started.DisposeAsync();
            throw;
        }
    }

    public Task AskAsync(string question, CancellationToken cancellationToken) =>
        AskAsync<Nothing>(question, null, cancellationToken);

    /// <summary>How often the process has compiled a method so far, each time it was compiled anew included.</summary>
    public Task<long> CountCompiledMethodsAsync(CancellationToken cancellationToken) =>
        AskAsync<long>(RoleCommand.CompiledMethods, null, cancellationToken);

    /// <summary>Asks one question and waits for its answer; one at a time.</summary>
    public async Task<T> AskAsync<T>(string question, object? argument, CancellationToken cancellationToken)
    {
        var asked = JsonSerializer.Serialize(
            new Question(question, JsonSerializer.SerializeToElement(argument, Json.Options)), Json.Options);
        await _process.StandardInput.WriteLineAsync(asked.AsMemory(), cancellationToken);
        await _process.StandardInput.FlushAsync(cancellationToken);
        var line = await _process.StandardOutput.ReadLineAsync(cancellationToken)
            ?? throw new LoadTestException($"The {_role} process ended while asked to '{question}'.");
        var answer = JsonSerializer.Deserialize<Answer>(line, Json.Options)!;
        return answer.Error is null
            ? answer.Value.Deserialize<T>(Json.Options)!
            : throw new LoadTestException($"The {_role} process failed at '{question}': {answer.Error}");
    }

    /// <summary>Ends it at once, whatever it is doing.</summary>
    public void Kill() => _process.Kill();

    public async ValueTask DisposeAsync()
    {
        _process.StandardInput.Close();
        try
        {
            await _process.WaitForExitAsync().WaitAsync(ShutdownPatience);
        }
        catch (TimeoutException)
        {
            _process.Kill();
        }

        _process.Dispose();
    }
}
