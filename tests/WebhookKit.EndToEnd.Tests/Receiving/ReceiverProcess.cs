using System.Diagnostics;

namespace WebhookKit.EndToEnd.Tests.Receiving;

/// <summary>The sample receiver in a process of its own, which can be killed.</summary>
internal sealed class ReceiverProcess : IAsyncDisposable
{
    private const string Listening = "Now listening on: ";

    private readonly Process _process;
    private readonly TaskCompletionSource<Uri> _url = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private ReceiverProcess(Process process)
    {
        _process = process;
        // Read to the end: a full pipe would stop the process.
        process.OutputDataReceived += (_, line) => Look(line.Data);
        process.ErrorDataReceived += (_, _) => { };
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
    }

    public Task<Uri> Url => _url.Task;

    public static async Task<ReceiverProcess> StartAsync(params string[] arguments)
    {
        var start = new ProcessStartInfo("dotnet", [Sample(), "--urls", "http://127.0.0.1:0", .. arguments])
        {
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        var receiver = new ReceiverProcess(Process.Start(start)!);
        await receiver.Url.WaitAsync(TimeSpan.FromMinutes(2));
        return receiver;
    }

    /// <summary>Ends it in the middle of whatever it does (SIGKILL).</summary>
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

        _process.Dispose();
    }

    // Built beside the tests, in the same configuration: tests/NAME/bin/CONFIGURATION/FRAMEWORK here.
    private static string Sample()
    {
        var framework = new DirectoryInfo(AppContext.BaseDirectory);
        var root = framework.Parent!.Parent!.Parent!.Parent!.Parent!;
        return Path.Combine(root.FullName, "samples/Receiver/bin", framework.Parent.Name, framework.Name, "Receiver.dll");
    }

    private void Look(string? line)
    {
        if (line?.IndexOf(Listening, StringComparison.Ordinal) is >= 0 and var found)
        {
            _url.TrySetResult(new Uri(line[(found + Listening.Length)..].Trim()));
        }
    }
}
