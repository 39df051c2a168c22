using System.Diagnostics;
using System.Text.Json;
using WebhookKit.LoadTest.Databases;
using WebhookKit.LoadTest.Flow;
using WebhookKit.LoadTest.Processes;
using WebhookKit.Publishing;

namespace WebhookKit.LoadTest.Senders;

/// <summary>The sender under test in a process of its own.</summary>
internal sealed class SenderRole : Role
{
    public const string Name = "sender";

    private readonly SenderSettings _settings;
    private readonly IHost _host;
    private readonly MemoryOutbox? _memory;
    private ProcessMeter _meter = ProcessMeter.Start();

    private SenderRole(SenderSettings settings)
    {
        _settings = settings;
        _host = SenderHost.Build(settings);
        _memory = settings.Store.Kind == StoreKind.Memory ? new MemoryOutbox(_host.Services, settings.Shape) : null;
    }

    public static Task<Role> CreateAsync(JsonElement settings) =>
        Task.FromResult<Role>(new SenderRole(settings.Deserialize<SenderSettings>(Json.Options)!));

    public override async Task<object?> AnswerAsync(string question, JsonElement argument, CancellationToken cancellationToken)
    {
        switch (question)
        {
            case "start":
                await _host.StartAsync(cancellationToken);
                return null;
            case "prepare":
                _memory?.Prepare(argument.Deserialize<MessageCount>(Json.Options)!.Messages);
                _meter = ProcessMeter.Start();
                return null;
            case "begin":
                long? committedAt = null;
                if (_memory is not null)
                {
                    // Filling is not measured, as it is not in a database, where another process does it.
                    await _memory.AppendAsync(cancellationToken);
                    _meter = ProcessMeter.Start();
                    committedAt = Stopwatch.GetTimestamp();
                }

                _host.Services.GetRequiredService<DispatchSignal>().Wake();
                return new Beginning(committedAt);
            case "publish":
                var published = await new FlowPublisher(_host.Services, _settings)
                    .PublishAsync(argument.Deserialize<FlowOrder>(Json.Options)!, cancellationToken);
                _memory?.Remember(published);
                return null;
            case "finish":
                return await FinishAsync(cancellationToken);
            default:
                throw Unknown(question);
        }
    }

    public override async ValueTask DisposeAsync()
    {
        await _host.StopAsync();
        _host.Dispose();
    }

    // Stopping writes the outcomes that are still on their way: when it returns, all is durable.
    private async Task<SendingResult> FinishAsync(CancellationToken cancellationToken)
    {
        await _host.StopAsync(cancellationToken);
        var result = new SendingResult(Stopwatch.GetTimestamp(), _meter.AllocatedBytes, _meter.CpuSeconds, ProcessMeter.PeakRssMiB);
        return _memory is null ? result : result with { Contents = await _memory.ReadContentsAsync(cancellationToken) };
    }
}
