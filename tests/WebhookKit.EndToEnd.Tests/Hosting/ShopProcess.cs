using System.Diagnostics;
using System.Text.Json;
using Npgsql;

namespace WebhookKit.EndToEnd.Tests.Hosting;

/// <summary>What a shop in a process of its own is told.</summary>
/// <param name="Database">The PostgreSQL database of all shops.</param>
/// <param name="EndpointUrl">Where its one endpoint is.</param>
/// <param name="Secret">The endpoint's secret.</param>
/// <param name="MaxPerSecond">The endpoint's rate, if it has one.</param>
/// <param name="CircuitBreak">How long its circuit stays open; it never opens when omitted.</param>
internal sealed record ShopNodeSettings(
    string Database, string EndpointUrl, string Secret, int? MaxPerSecond = null, TimeSpan? CircuitBreak = null)
{
    public const string EndpointName = "shop";

    public static readonly TimeSpan AttemptTimeout = TimeSpan.FromSeconds(5);

    /// <summary>Adds what every shop on that database adds.</summary>
    public void Configure(SenderBuilder sender) => sender
        .Configure(options =>
        {
            options.DeploymentVersion = 1;
            options.AttemptTimeout = AttemptTimeout;
            options.LeaseMargin = TimeSpan.FromSeconds(1);
            options.EndpointHealth = CircuitBreak is { } pause
                ? new EndpointHealthPolicy { CircuitBreak = pause }
                : new EndpointHealthPolicy { CircuitFailureRatio = 2 };
        })
        .AddEndpoint(EndpointName, EndpointUrl, endpoint =>
        {
            endpoint.EventTypes.Add("*");
            endpoint.Rate = MaxPerSecond is { } rate ? EndpointRate.PerSecond(rate) : null;
            endpoint.Secrets.Add(Secret);
        });
}

/// <summary>A shop in a process of its own, which can be killed; it ends with its input.</summary>
internal sealed class ShopProcess : IAsyncDisposable
{
    public const string Command = "shop";
    private const string Ready = "ready";

    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    private readonly Process _process;

    private ShopProcess(Process process) => _process = process;

    public static async Task<ShopProcess> StartAsync(ShopNodeSettings settings)
    {
        var start = new ProcessStartInfo("dotnet", [typeof(ShopProcess).Assembly.Location, Command, JsonSerializer.Serialize(settings)])
        {
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        var shop = new ShopProcess(Process.Start(start)!);
        var line = await shop._process.StandardOutput.ReadLineAsync().WaitAsync(Patience);
        Assert.True(line == Ready, line is null ? await shop._process.StandardError.ReadToEndAsync() : line);

        // Read to the end: a full pipe would stop the process.
        shop._process.ErrorDataReceived += (_, _) => { };
        shop._process.BeginErrorReadLine();
        return shop;
    }

    /// <summary>What the process does.</summary>
    public static async Task<int> RunAsync(string settings)
    {
        var read = JsonSerializer.Deserialize<ShopNodeSettings>(settings)!;

        // However slowly four processes start beside each other.
        var database = new NpgsqlConnectionStringBuilder(read.Database) { Timeout = 60 }.ConnectionString;
        await using var shop = await Shop.StartAsync(new PostgresStores(database), [], read.Configure);
        Console.WriteLine(Ready);
        await Task.Run(() => Console.OpenStandardInput().CopyTo(Stream.Null));
        return 0;
    }

    /// <summary>Ends it in the middle of whatever it does (SIGKILL).</summary>
    public async Task KillAsync()
    {
        _process.Kill();
        await _process.WaitForExitAsync().WaitAsync(Patience);
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            await KillAsync();
        }

        _process.Dispose();
    }
}
