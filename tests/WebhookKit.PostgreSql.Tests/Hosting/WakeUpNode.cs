using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Npgsql;
using WebhookKit.Publishing;
using WebhookKit.Sender.Tests;

namespace WebhookKit.PostgreSql.Tests.Hosting;

/// <summary>A process with the wake-up alone: the test stands where its dispatcher would.</summary>
internal sealed class WakeUpNode : IAsyncDisposable
{
    private readonly IHost _host;

    private WakeUpNode(IHost host, string name, RecordingLogger log)
    {
        _host = host;
        Name = name;
        Log = log;
    }

    /// <summary>What the server knows its connections by.</summary>
    public string Name { get; }

    public RecordingLogger Log { get; }

    public DispatchSignal Signal => _host.Services.GetRequiredService<DispatchSignal>();

    public static async Task<WakeUpNode> StartAsync(
        string connectionString, bool isDispatching = true, Action<PostgreSqlWakeUpOptions>? configure = null)
    {
        var log = new RecordingLogger();
        var name = $"node_{Guid.NewGuid():N}";
        var builder = Host.CreateEmptyApplicationBuilder(null);
        builder.Logging.AddProvider(log);
        builder.Services.AddWebhooks()
            .UsePostgreSqlWakeUp(new NpgsqlConnectionStringBuilder(connectionString) { ApplicationName = name }.ConnectionString)
            .UsePostgreSqlWakeUp(configure ?? (_ => { }));
        var host = builder.Build();
        var node = new WakeUpNode(host, name, log) { Signal = { IsListening = isDispatching } };
        await host.StartAsync();
        return node;
    }

    /// <summary>Waits until its dispatcher would have been woken for such work, since this was last asked.</summary>
    public Task WaitForAsync(WaitingWork work) =>
        Eventually.UntilAsync(() => Signal.TakeWaiting(work), $"{Name} woken for {work}");

    /// <summary>Waits until it listens, which wakes it for everything once.</summary>
    public async Task WaitUntilListeningAsync()
    {
        await WaitForAsync(WaitingWork.Messages);
        await WaitForAsync(WaitingWork.Deliveries);
    }

    public Task StopAsync() => _host.StopAsync();

    public async ValueTask DisposeAsync()
    {
        await _host.StopAsync();
        _host.Dispose();
    }
}
