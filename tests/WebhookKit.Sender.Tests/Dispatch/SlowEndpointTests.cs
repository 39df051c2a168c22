using System.Collections.Concurrent;
using WebhookKit.Deliveries;
using WebhookKit.Testing;
using static WebhookKit.Sender.Tests.SenderHarness;

namespace WebhookKit.Sender.Tests.Dispatch;

/// <summary>Endpoints that hang, fail and recover, beside endpoints that do not.</summary>
public sealed class SlowEndpointTests : IAsyncLifetime
{
    private const int WarmUps = 10;

    private ScriptedReceiver _receiver = null!;
    private ScriptedReceiver _hanging = null!;

    public async Task InitializeAsync()
    {
        _receiver = await ScriptedReceiver.StartAsync();
        _hanging = await ScriptedReceiver.StartAsync();
        _hanging.DefaultAnswer = ReceiverAnswer.Hang();
    }

    public async Task DisposeAsync()
    {
        await _hanging.DisposeAsync();
        await _receiver.DisposeAsync();
    }

    [Fact]
    public async Task HundredHangingEndpoints_OfAHundredAndTwenty_HoldHalfOfTheSlotsAndTheOthersTheirs()
    {
        const int Slots = 40;
        const int Healthy = 20;
        const int Orders = 10;
        await using var sender = await StartAsync(builder =>
        {
            builder.AddEventType<string>("noise.made");
            builder.Configure(options =>
            {
                options.MaxInFlight = Slots;
                options.AttemptTimeout = TimeSpan.FromMinutes(2);
                options.ShutdownTimeout = TimeSpan.FromMilliseconds(100);
            });
            for (var i = 0; i < 100; i++)
            {
                AddEndpoint(builder, $"hanging-{i}", _hanging, "noise.*");
            }

            for (var i = 0; i < Healthy; i++)
            {
                AddEndpoint(builder, $"healthy-{i}", _receiver, "order.*");
            }
        });
        await WarmUpAsync(sender, Healthy);
        await sender.Publisher.PublishManyAsync(Enumerable.Range(0, 20).Select(number => $"noise {number}"));
        await _hanging.WaitForRequestsAsync(Slots / 2);

        await sender.Publisher.PublishManyAsync(Enumerable.Range(1, Orders).Select(order => new OrderPaid(order)));
        await _receiver.WaitForRequestsAsync(Healthy * (WarmUps + Orders), TimeSpan.FromSeconds(30));

        Assert.Equal(Slots / 2, _hanging.Requests.Count);
    }

    [Fact]
    public async Task EndpointsThatBeginToHang_AreKeptToHalfOfTheSlotsBeforeTheirFirstAttemptRunsOutOfTime()
    {
        const int Slots = 100;
        const int Hanging = 30;
        var hangs = false;
        _hanging.DefaultAnswer = new ReceiverAnswer(context => hangs ? Task.Delay(Timeout.Infinite, context.RequestAborted) : Task.CompletedTask);
        await using var sender = await StartAsync(builder =>
        {
            builder.AddEventType<string>("noise.made");
            builder.Configure(options =>
            {
                options.MaxInFlight = Slots;
                options.AttemptTimeout = TimeSpan.FromMinutes(2);
                options.ShutdownTimeout = TimeSpan.FromMilliseconds(100);
            });
            for (var i = 0; i < Hanging; i++)
            {
                AddEndpoint(builder, $"hanging-{i}", _hanging, "noise.*");
            }

            AddEndpoint(builder, "healthy", _receiver, "order.*");
        });
        await sender.Publisher.PublishAsync("all is well");
        await WarmUpAsync(sender, 1);
        await _hanging.WaitForRequestsAsync(Hanging);
        hangs = true;

        await sender.Publisher.PublishAsync("the first to hang");
        await _hanging.WaitForRequestsAsync(2 * Hanging);

        // Longer than twice what the first attempts of a process may take.
        await Task.Delay(TimeSpan.FromSeconds(2));
        await sender.Publisher.PublishManyAsync(Enumerable.Range(0, 20).Select(number => $"the others {number}"));
        for (var order = 0; order < 20; order++)
        {
            await sender.WaitForAsync(await sender.PublishAsync(order), DeliveryStatus.Succeeded);
        }

        Assert.InRange(_hanging.Requests.Count, 2 * Hanging, Hanging + Slots / 2);
    }

    [Fact]
    public async Task RetriesThatHang_LeaveASlotToFirstAttempts()
    {
        var seen = new ConcurrentDictionary<string, bool>();
        var isRetrying = new TaskCompletionSource();
        _receiver.DefaultAnswer = new ReceiverAnswer(async context =>
        {
            if (!seen.TryAdd(context.Request.Headers["webhook-id"].ToString(), true))
            {
                isRetrying.TrySetResult();
                await Task.Delay(Timeout.Infinite, context.RequestAborted);
            }

            context.Response.StatusCode = seen.Count <= 30 ? 500 : 200;
        });
        await using var sender = await StartAsync(To(_receiver, options => options.ShutdownTimeout = TimeSpan.FromMilliseconds(100)));
        await sender.Publisher.PublishManyAsync(Enumerable.Range(0, 30).Select(order => new OrderPaid(order)));
        await isRetrying.Task.WaitAsync(TimeSpan.FromSeconds(10));
        await UntilAsync(() => Task.FromResult(seen.Count == 30), "every message is sent once");

        for (var order = 0; order < 10; order++)
        {
            await sender.WaitForAsync(await sender.PublishAsync(order), DeliveryStatus.Succeeded);
        }
    }

    [Fact]
    public async Task RecoveringEndpoint_IsGivenOneMoreSlotWithEverySuccess()
    {
        const int Messages = 60;
        var (inFlight, successes, ahead, peak) = (0, 0, 0, 0);
        _receiver.DefaultAnswer = ReceiverAnswer.Reset();
        await using var sender = await StartAsync(To(_receiver, options => options.RetrySchedule = Retries(1_000, 1_000, 1_000, 1_000)));
        var ids = await sender.Publisher.PublishManyAsync(Enumerable.Range(0, Messages).Select(order => new OrderPaid(order)));
        await _receiver.WaitForRequestsAsync(Messages);
        await UntilAsync(() => Task.FromResult(sender.Log.Count("AttemptFailed") >= Messages), "every message has failed");

        var gate = new Lock();
        _receiver.DefaultAnswer = new ReceiverAnswer(async context =>
        {
            lock (gate)
            {
                inFlight++;
                ahead = Math.Max(ahead, inFlight - successes);
                peak = Math.Max(peak, inFlight);
            }

            await Task.Delay(20, context.RequestAborted);
            lock (gate)
            {
                inFlight--;
                successes++;
            }
        });
        foreach (var id in ids)
        {
            await sender.WaitForAsync(id, DeliveryStatus.Succeeded);
        }

        Assert.InRange(ahead, 1, 2);
        Assert.InRange(peak, 4, 16);
    }

    // The first attempts of a process take long; what counts here is how quick an endpoint is by habit.
    private async Task WarmUpAsync(SenderHarness sender, int endpoints)
    {
        for (var order = 1; order <= WarmUps; order++)
        {
            await sender.PublishAsync(order);
            await _receiver.WaitForRequestsAsync(endpoints * order);
        }
    }
}
