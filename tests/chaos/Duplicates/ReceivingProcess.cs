using System.Diagnostics;
using System.Reflection;
using System.Text.Json;
using WebhookKit.Chaos.Nodes;

namespace WebhookKit.Chaos.Duplicates;

/// <summary>A receiver from the parent's side: this program once more.</summary>
internal sealed class ReceivingProcess : IAsyncDisposable
{
    private static readonly TimeSpan StartPatience = TimeSpan.FromMinutes(4);

    private readonly Process _process;
    private readonly Task _logged;

    private ReceivingProcess(Process process, string logPath)
    {
        _process = process;
        _logged = LogAsync(logPath);
    }

    public Uri Url { get; private set; } = null!;

    public static async Task<ReceivingProcess> StartAsync(ReceivingSettings settings, string logPath)
    {
        var start = new ProcessStartInfo("dotnet", ["exec", Assembly.GetExecutingAssembly().Location, ReceivingNode.Command])
        {
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        // It lives for seconds: code that is measured to be compiled better later would only cost.
        start.Environment["DOTNET_TieredPGO"] = "0";
        var receiver = new ReceivingProcess(Process.Start(start)!, logPath);
        await receiver._process.StandardInput.WriteLineAsync(JsonSerializer.Serialize(settings));
        if (await receiver._process.StandardOutput.ReadLineAsync().WaitAsync(StartPatience) is not { } ready)
        {
            await receiver.DisposeAsync();
            throw new InvalidOperationException($"The receiver did not start: {await File.ReadAllTextAsync(logPath)}");
        }

        receiver.Url = new Uri(ready[(NodeWords.Ready.Length + 1)..]);
        return receiver;
    }

    /// <summary>Has it end by SIGKILL when it has passed the point so many times.</summary>
    public Task ArmAsync(KillPoint point, int passings) => _process.StandardInput.WriteLineAsync($"{point} {passings}");

    /// <summary>Waits until it has ended.</summary>
    /// <returns><see langword="false"/> when it has not in time.</returns>
    public async Task<bool> HasEndedAsync(TimeSpan patience)
    {
        using var limit = new CancellationTokenSource(patience);
        try
        {
            await _process.WaitForExitAsync(limit.Token);
            return true;
        }
        catch (OperationCanceledException)
        {
            return false;
        }
    }

    /// <summary>SIGKILL: nothing of the process runs any more when it returns.</summary>
    public async Task KillAsync()
    {
        _process.Kill();
        await _process.WaitForExitAsync();
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            await KillAsync();
        }

        await _logged;
        _process.Dispose();
    }

    private async Task LogAsync(string path)
    {
        await using var file = File.Create(path);
        await _process.StandardError.BaseStream.CopyToAsync(file);
    }
}
