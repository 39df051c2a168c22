using System.Collections.Concurrent;
using WebhookKit.Deliveries;
using WebhookKit.Testing;
using static WebhookKit.Sender.Tests.SenderHarness;

namespace WebhookKit.Sender.Tests.Dispatch;

/// <summary>Slots, batches, and one endpoint's trouble staying its own.</summary>
public sealed class FairnessTests : IAsyncLifetime
{
    private ScriptedReceiver _receiver = null!;

    public async Task InitializeAsync() => _receiver = await ScriptedReceiver.StartAsync();

    public async Task DisposeAsync() => await _receiver.DisposeAsync();

    [Fact]
    public async Task Backlog_OneEndpoint_KeepsToItsSlotsAndUsesThem()
    {
        var (inFlight, most, ended) = (0, 0, 0);
        var full = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _receiver.DefaultAnswer = new ReceiverAnswer(async context =>
        {
            var now = Interlocked.Increment(ref inFlight);
            InterlockedMax(ref most, now);
            if (now == 4)
            {
                full.TrySetResult();
            }

            // A new endpoint earns its slots; once it has them, nothing ends before all are in use.
            await (Volatile.Read(ref ended) < 8 ? Task.Delay(20, context.RequestAborted) : full.Task.WaitAsync(context.RequestAborted));
            Interlocked.Increment(ref ended);
            Interlocked.Decrement(ref inFlight);
        });
        await using var sender = await StartAsync(To(_receiver, options => options.MaxInFlightPerEndpoint = 4));

        var ids = await sender.Publisher.PublishManyAsync(Enumerable.Range(0, 60).Select(order => new OrderPaid(order)));
        foreach (var id in ids)
        {
            await sender.WaitForAsync(id, DeliveryStatus.Succeeded);
        }

        Assert.Equal(4, most);
        Assert.Equal(60, _receiver.Requests.Count);
    }

    [Fact]
    public async Task Backlog_ManyMessages_TakesFewStoreCallsAndNoneOfThemPerMessage()
    {
        const int Messages = 400;
        await using var publisher = await StartAsync(builder =>
        {
            builder.DisableDispatcher();
            AddEndpoint(builder, "test", _receiver);
        });
        var ids = await publisher.Publisher.PublishManyAsync(Enumerable.Range(0, Messages).Select(order => new OrderPaid(order)));
        Assert.Equal(1, publisher.Store.Calls("AppendAsync"));

        await using var sender = await StartAsync(
            To(_receiver, options =>
            {
                options.MaxInFlightPerEndpoint = 100;
                options.PollInterval = TimeSpan.FromHours(1);
            }),
            over: publisher);
        var began = TimeProvider.System.GetTimestamp();
        foreach (var id in ids)
        {
            await sender.WaitForAsync(id, DeliveryStatus.Succeeded);
        }

        // Besides one for many messages, what is asked again and again while attempts end: no more often than each 10 ms.
        var most = (Messages / 8) + (int)(TimeProvider.System.GetElapsedTime(began) / TimeSpan.FromMilliseconds(10));
        string[] methods = ["FanOutPendingAsync", "LeaseAsync", "GetMessagesAsync", "GetAsync", "GetByTenantsAsync", "CompleteAsync"];
        Assert.All(methods, method => Assert.InRange(sender.Store.Calls(method), 0, most));
    }

    [Fact]
    public async Task Backlog_RetriesAlone_DoNotWaitForSweeps()
    {
        var seen = new ConcurrentDictionary<string, bool>();
        _receiver.DefaultAnswer = new ReceiverAnswer(async context =>
        {
            context.Response.StatusCode = seen.TryAdd(context.Request.Headers["webhook-id"].ToString(), true) ? 500 : 200;
            await Task.Delay(20, context.RequestAborted);
        });
        await using var sender = await StartAsync(To(_receiver, options => options.PollInterval = TimeSpan.FromHours(1)));

        var ids = await sender.Publisher.PublishManyAsync(Enumerable.Range(0, 100).Select(order => new OrderPaid(order)));

        await UntilAsync(() => Task.FromResult(_receiver.Requests.Count == 200), "every message is sent twice");
        foreach (var id in ids)
        {
            await sender.WaitForAsync(id, DeliveryStatus.Succeeded);
        }
    }

    [Fact]
    public async Task HangingEndpoint_WithABacklog_DoesNotDelayAHealthyOne()
    {
        await using var hanging = await ScriptedReceiver.StartAsync();
        hanging.DefaultAnswer = ReceiverAnswer.Hang();
        await using var sender = await StartAsync(builder =>
        {
            builder.AddEventType<string>("noise.made");
            AddEndpoint(builder, "hanging", hanging, "noise.*");
            AddEndpoint(builder, "healthy", _receiver, "order.*");
            builder.Configure(options =>
            {
                options.MaxInFlight = 40;
                options.AttemptTimeout = TimeSpan.FromMinutes(5);
                options.ShutdownTimeout = TimeSpan.FromMilliseconds(100);
            });
        });
        await sender.Publisher.PublishManyAsync(Enumerable.Range(0, 500).Select(number => $"noise {number}"));
        await hanging.WaitForRequestsAsync(4);

        for (var order = 0; order < 20; order++)
        {
            await sender.WaitForAsync(await sender.PublishAsync(order), DeliveryStatus.Succeeded);
        }

        Assert.Equal(4, hanging.Requests.Count);
    }

    private static void InterlockedMax(ref int most, int value)
    {
        var seen = Volatile.Read(ref most);
        while (value > seen)
        {
            var before = Interlocked.CompareExchange(ref most, value, seen);
            if (before == seen)
            {
                return;
            }

            seen = before;
        }
    }
}
