using WebhookKit.Deliveries;
using WebhookKit.Testing;
using static WebhookKit.Sender.Tests.SenderHarness;

namespace WebhookKit.Sender.Tests.Dispatch;

/// <summary>Fan-out that keeps step with the slots.</summary>
public sealed class BackPressureTests : IAsyncLifetime
{
    private ScriptedReceiver _receiver = null!;

    public async Task InitializeAsync() => _receiver = await ScriptedReceiver.StartAsync();

    public async Task DisposeAsync() => await _receiver.DisposeAsync();

    [Fact]
    public async Task FanOut_SlotsAreScarce_LeavesTheBacklogInTheOutbox()
    {
        const int Messages = 2_000;
        var opened = new TaskCompletionSource();
        await using var sender = await StartAsync(builder =>
        {
            builder.Configure(options =>
            {
                options.MaxInFlight = 8;
                options.PollInterval = TimeSpan.FromMinutes(1);
            });
            for (var i = 0; i < 4; i++)
            {
                AddEndpoint(builder, $"test-{i}", _receiver);
            }
        });
        await sender.WaitForFirstDeclarationAsync();
        await WarmUpAsync(sender);
        var warmUp = _receiver.Requests.Count;
        _receiver.DefaultAnswer = ReceiverAnswer.When(opened.Task, ReceiverAnswer.Status(200));
        await sender.Publisher.PublishManyAsync([new OrderPaid(1), new OrderPaid(2)]);
        await _receiver.WaitForRequestsAsync(warmUp + 8);
        await using var publisher = await StartAsync(builder => builder.DisableDispatcher(), over: sender);
        var before = sender.Store.Calls("FanOutPendingAsync");

        var ids = await publisher.Publisher.PublishManyAsync(Enumerable.Range(0, Messages).Select(order => new OrderPaid(order)));
        await Task.Delay(1_000);

        Assert.InRange(sender.Store.Calls("FanOutPendingAsync") - before, 0, 1);
        Assert.Empty(await sender.Deliveries.GetByMessageAsync(ids[^1], default));

        opened.SetResult();
        await _receiver.WaitForRequestsAsync(warmUp + 8 + 4 * Messages, TimeSpan.FromMinutes(3));
    }

    [Fact]
    public async Task FanOut_OneEndpointsSlotsAreFull_GoesOnForTheOthers()
    {
        const int Backlog = 2_000;
        await using var busy = await ScriptedReceiver.StartAsync();
        busy.DefaultAnswer = ReceiverAnswer.After(TimeSpan.FromMilliseconds(50), ReceiverAnswer.Status(200));
        await using var publisher = await StartAsync(builder =>
        {
            builder.AddEventType<string>("noise.made");
            builder.DisableDispatcher();
        });
        await publisher.Publisher.PublishManyAsync(Enumerable.Range(0, Backlog).Select(number => $"noise {number}"));
        var ids = await publisher.Publisher.PublishManyAsync(Enumerable.Range(0, 20).Select(order => new OrderPaid(order)));

        await using var sender = await StartAsync(
            builder =>
            {
                builder.Configure(options => options.MaxInFlightPerEndpoint = 4);
                AddEndpoint(builder, "busy", busy, "noise.*");
                AddEndpoint(builder, "healthy", _receiver, "order.*");
            },
            over: publisher);
        foreach (var id in ids)
        {
            await sender.WaitForAsync(id, DeliveryStatus.Succeeded);
        }

        Assert.InRange(busy.Requests.Count, 1, Backlog / 2);
    }

    // So slow that no stall of the machine makes one endpoint slow beside the others.
    private async Task WarmUpAsync(SenderHarness sender)
    {
        _receiver.DefaultAnswer = ReceiverAnswer.After(TimeSpan.FromMilliseconds(300), ReceiverAnswer.Status(200));
        for (var order = 0; order < 4; order++)
        {
            await sender.PublishAsync(order);
            await _receiver.WaitForRequestsAsync(4 * (order + 1));
        }
    }
}
