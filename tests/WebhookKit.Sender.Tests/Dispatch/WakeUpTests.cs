using System.Collections.Concurrent;
using Microsoft.Extensions.DependencyInjection;
using WebhookKit.Deliveries;
using WebhookKit.Publishing;
using WebhookKit.Testing;
using static WebhookKit.Sender.Tests.SenderHarness;

namespace WebhookKit.Sender.Tests.Dispatch;

/// <summary>What a node tells other nodes, and what it does when it is told; between the nodes of a test stands no database.</summary>
public sealed class WakeUpTests : IAsyncLifetime
{
    private ScriptedReceiver _receiver = null!;

    public async Task InitializeAsync() => _receiver = await ScriptedReceiver.StartAsync();

    public async Task DisposeAsync() => await _receiver.DisposeAsync();

    [Fact]
    public async Task Publish_DispatcherDisabled_TellsOthersOfEveryCommit()
    {
        var told = new WakeUp();
        await using var node = await StartAsync(builder => To(_receiver)(told.On(builder).DisableDispatcher()));

        await node.PublishAsync();
        await node.Publisher.PublishManyAsync([new OrderPaid(1), new OrderPaid(2)]);

        Assert.Equal([WaitingWork.Messages, WaitingWork.Messages], told.Calls);
    }

    [Fact]
    public async Task Publish_SentAtOnce_TellsNobodyUntilTheNodeStops()
    {
        var told = new WakeUp();
        await using var node = await StartAsync(builder => To(_receiver)(told.On(builder)));

        var id = await node.PublishAsync();
        await node.WaitForAsync(id, DeliveryStatus.Succeeded);
        Assert.Empty(told.Calls);

        await node.StopAsync();
        Assert.Equal([WaitingWork.Messages | WaitingWork.Deliveries], told.Calls);
    }

    [Fact]
    public async Task WakeFor_MessagesOfAPublishOnlyNode_FansThemOutAtOnce()
    {
        var told = new WakeUp();
        await using var publisher = await StartAsync(builder => To(_receiver)(told.On(builder).DisableDispatcher()));
        await using var node = await StartAsync(To(_receiver, NeverPoll), over: publisher);
        await node.WaitForFirstDeclarationAsync();
        told.Other = node.Signal;

        for (var order = 0; order < 5; order++)
        {
            await node.WaitForAsync(await publisher.PublishAsync(order), DeliveryStatus.Succeeded);
        }
    }

    [Fact]
    public async Task WakeFor_DeliveriesThatANodeHasNoSlotFor_SendsThemAtOnce()
    {
        var told = new WakeUp();
        await using var stuck = await ScriptedReceiver.StartAsync();
        stuck.DefaultAnswer = ReceiverAnswer.Hang();
        await using var full = await StartAsync(builder =>
        {
            told.On(builder).Configure(options =>
            {
                NeverPoll(options);
                options.MaxInFlight = 1;
                options.AttemptTimeout = TimeSpan.FromMinutes(5);
                options.ShutdownTimeout = TimeSpan.FromMilliseconds(100);
            });
            AddEndpoint(builder, "stuck", stuck, "order.stuck");
            AddEndpoint(builder, "test", _receiver, "order.paid");
        });
        await full.WaitForFirstDeclarationAsync();
        await full.Publisher.PublishRawAsync(new RawEvent("order.stuck", "{}"u8.ToArray()));
        await stuck.WaitForRequestsAsync(1);
        await using var node = await StartAsync(
            builder =>
            {
                builder.Configure(NeverPoll);
                AddEndpoint(builder, "stuck", stuck, "order.stuck");
                AddEndpoint(builder, "test", _receiver, "order.paid");
            },
            over: full);
        await node.WaitForFirstDeclarationAsync();
        Assert.Empty(told.Calls);
        told.Other = node.Signal;

        for (var order = 0; order < 5; order++)
        {
            await node.WaitForAsync(await full.PublishAsync(order), DeliveryStatus.Succeeded);
        }

        Assert.Contains(WaitingWork.Deliveries, told.Calls);
    }

    private static void NeverPoll(SenderOptions options) => options.PollInterval = TimeSpan.FromHours(1);

    /// <summary>Keeps what a node tells, and tells it to another one.</summary>
    private sealed class WakeUp : IDispatchWakeUp
    {
        private readonly ConcurrentQueue<WaitingWork> _calls = [];

        public IEnumerable<WaitingWork> Calls => _calls;

        public DispatchSignal? Other { get; set; }

        public SenderBuilder On(SenderBuilder node)
        {
            node.Services.AddSingleton<IDispatchWakeUp>(this);
            return node;
        }

        public void WakeOthers(WaitingWork work)
        {
            _calls.Enqueue(work);
            Other?.WakeFor(work);
        }
    }
}
