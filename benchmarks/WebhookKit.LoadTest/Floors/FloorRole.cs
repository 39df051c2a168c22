using System.Diagnostics;
using System.Text.Json;
using WebhookKit.LoadTest.Databases;
using WebhookKit.LoadTest.Processes;
using WebhookKit.LoadTest.Senders;

namespace WebhookKit.LoadTest.Floors;

/// <summary>The floor in a process of its own; it is asked what the sender is asked.</summary>
internal sealed class FloorRole : Role
{
    public const string Name = "floor";

    private readonly FloorEndpoint[] _endpoints;
    private readonly IFloorStore _store;
    private readonly FloorSender _sender = new();
    private readonly FloorLoop _loop;
    private ProcessMeter _meter = ProcessMeter.Start();
    private int _messages;
    private Task<long> _drained = Task.FromResult(0L);

    private FloorRole(SenderSettings settings)
    {
        _endpoints = [.. settings.EndpointUrls().Select((url, number) => new FloorEndpoint(MessageShape.IdOf(number).Value, url))];
        _store = settings.Store.Kind switch
        {
            StoreKind.Postgres => new PostgresFloorStore(settings.Store, _endpoints),
            StoreKind.Sqlite => new SqliteFloorStore(settings.Store, _endpoints),
            _ => new MemoryFloorStore(settings.Shape, _endpoints),
        };
        _loop = new FloorLoop(_store, _sender, settings.MaxInFlight);
    }

    public static Task<Role> CreateAsync(JsonElement settings) =>
        Task.FromResult<Role>(new FloorRole(settings.Deserialize<SenderSettings>(Json.Options)!));

    public override async Task<object?> AnswerAsync(string question, JsonElement argument, CancellationToken cancellationToken)
    {
        switch (question)
        {
            case "start":
                return null;
            case "prepare":
                // Also waits for what the warm-up left.
                await _drained;
                _messages = argument.Deserialize<MessageCount>(Json.Options)!.Messages;
                await _store.PrepareAsync(_messages, cancellationToken);
                _meter = ProcessMeter.Start();
                return null;
            case "begin":
                var begun = Stopwatch.GetTimestamp();
                _drained = DrainAsync(cancellationToken);
                return new Beginning(_store is MemoryFloorStore ? begun : null);
            case "finish":
                var endedAt = await _drained;
                return new SendingResult(endedAt, _meter.AllocatedBytes, _meter.CpuSeconds, ProcessMeter.PeakRssMiB);
            default:
                throw Unknown(question);
        }
    }

    public override async ValueTask DisposeAsync()
    {
        await _store.DisposeAsync();
        _sender.Dispose();
        Array.ForEach(_endpoints, endpoint => endpoint.Dispose());
    }

    private async Task<long> DrainAsync(CancellationToken cancellationToken)
    {
        await Task.Run(() => _loop.DrainAsync(_messages, cancellationToken), cancellationToken);
        return Stopwatch.GetTimestamp();
    }
}
