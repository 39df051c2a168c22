using System.Diagnostics;
using System.Reflection;
using System.Text.Json;
using System.Threading.Channels;

namespace WebhookKit.Chaos.Nodes;

/// <summary>A node from the parent's side: this program once more, told what to do on its standard input.</summary>
internal sealed class NodeProcess : IAsyncDisposable
{
    public const string Command = "node";

    private static readonly TimeSpan StartPatience = TimeSpan.FromMinutes(3);
    private static readonly TimeSpan StopPatience = TimeSpan.FromSeconds(20);

    private readonly Lock _speaking = new();
    private readonly Process _process;
    private readonly Channel<string> _words = Channel.CreateUnbounded<string>();
    private readonly Task _logged;
    private bool _isMeantToEnd;

    private NodeProcess(NodeSettings settings, string logPath)
    {
        Name = settings.Name;
        _process = Process.Start(StartInfo())!;
        _logged = LogAsync(logPath);
        _ = ListenAsync();
        _process.StandardInput.WriteLine(JsonSerializer.Serialize(settings));
    }

    public string Name { get; }

    /// <summary>Whether it ended although nobody wanted it to.</summary>
    public bool HasDied => _process.HasExited && !_isMeantToEnd;

    /// <summary>Starts a node without waiting until it is ready, which one that ends at once may never be.</summary>
    public static NodeProcess Start(NodeSettings settings, string logPath) => new(settings, logPath);

    public static async Task<NodeProcess> StartAsync(NodeSettings settings, string logPath)
    {
        var node = Start(settings, logPath);
        if (!await node.HearsAsync(NodeWords.Ready, StartPatience))
        {
            await node.DisposeAsync();
            throw new InvalidOperationException($"{settings.Name} did not start: {await File.ReadAllTextAsync(logPath)}");
        }

        return node;
    }

    /// <summary>Says something to the node; one that has ended does not mind.</summary>
    public void Say(string words)
    {
        lock (_speaking)
        {
            try
            {
                _process.StandardInput.WriteLine(words);
            }
            catch (Exception exception) when (exception is IOException or ObjectDisposedException)
            {
                // Killed, or found out by HasDied.
            }
        }
    }

    /// <summary>Waits until the node says so.</summary>
    /// <returns><see langword="false"/> when it has not in time.</returns>
    public async Task<bool> HearsAsync(string words, TimeSpan patience)
    {
        using var limit = new CancellationTokenSource(patience);
        try
        {
            while (await _words.Reader.ReadAsync(limit.Token) != words)
            {
            }

            return true;
        }
        catch (Exception exception) when (exception is OperationCanceledException or ChannelClosedException)
        {
            return false;
        }
    }

    /// <summary>SIGKILL: nothing of the process runs any more when it returns.</summary>
    public async Task KillAsync()
    {
        _isMeantToEnd = true;
        _process.Kill();
        await _process.WaitForExitAsync();
    }

    /// <summary>SIGSTOP.</summary>
    public Task StallAsync() => SignalAsync("STOP");

    /// <summary>SIGCONT.</summary>
    public Task ContinueAsync() => SignalAsync("CONT");

    /// <summary>Lets it end as a host ends.</summary>
    /// <returns>Whether it did, in time and without a fault.</returns>
    public async Task<bool> StopAsync()
    {
        _isMeantToEnd = true;
        _process.StandardInput.Close();
        using var limit = new CancellationTokenSource(StopPatience);
        try
        {
            await _process.WaitForExitAsync(limit.Token);
            return _process.ExitCode == 0;
        }
        catch (OperationCanceledException)
        {
            return false;
        }
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

    private static ProcessStartInfo StartInfo()
    {
        // The program may run through its own executable or through dotnet.
        var assembly = Assembly.GetExecutingAssembly().Location;
        return new ProcessStartInfo("dotnet", ["exec", assembly, Command])
        {
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
    }

    private async Task SignalAsync(string signal)
    {
        using var kill = Process.Start("kill", [$"-{signal}", $"{_process.Id}"]);
        await kill.WaitForExitAsync();
    }

    private async Task ListenAsync()
    {
        while (await _process.StandardOutput.ReadLineAsync() is { } words)
        {
            _words.Writer.TryWrite(words);
        }

        _words.Writer.Complete();
    }

    private async Task LogAsync(string path)
    {
        await using var file = File.Create(path);
        await _process.StandardError.BaseStream.CopyToAsync(file);
    }
}
