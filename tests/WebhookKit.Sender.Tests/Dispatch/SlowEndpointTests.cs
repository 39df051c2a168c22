using System.Collections.Concurrent;
using Microsoft.Extensions.DependencyInjection;
using WebhookKit.Deliveries;
using WebhookKit.Testing;
using static WebhookKit.Sender.Tests.SenderHarness;

namespace WebhookKit.Sender.Tests.Dispatch;

/// <summary>Endpoints that hang, fail and recover, beside endpoints that do not.</summary>
public sealed class SlowEndpointTests : IAsyncLifetime
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    private readonly SlowedTime _time = new();
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
        await using var sender = await StartAsync(hanging: 100, Healthy, Slots);
        await DeliverAsync(sender, new OrderPaid(0));
        await sender.Publisher.PublishManyAsync(Enumerable.Range(0, 20).Select(number => $"noise {number}"));
        await _hanging.WaitForRequestsAsync(Slots / 2, Patience);

        await sender.Publisher.PublishManyAsync(Enumerable.Range(1, Orders).Select(order => new OrderPaid(order)));
        await _receiver.WaitForRequestsAsync(Healthy * (1 + Orders), Patience);

        Assert.Equal(Slots / 2, _hanging.Requests.Count);
    }

    [Fact]
    public async Task EndpointsThatBeginToHang_AreKeptToHalfOfTheSlotsBeforeTheirFirstAttemptRunsOutOfTime()
    {
        const int Slots = 100;
        const int Hanging = 30;
        _hanging.DefaultAnswer = ReceiverAnswer.Status(200);
        await using var sender = await StartAsync(Hanging, healthy: 1, Slots);
        await DeliverAsync(sender, "all is well");
        await DeliverAsync(sender, new OrderPaid(0));
        _hanging.DefaultAnswer = ReceiverAnswer.Hang();
        await sender.Publisher.PublishAsync("the first to hang");
        await _hanging.WaitForRequestsAsync(2 * Hanging, Patience);

        _time.Advance(TimeSpan.FromSeconds(10));
        await sender.Publisher.PublishManyAsync(Enumerable.Range(0, 20).Select(number => $"the others {number}"));
        for (var order = 1; order <= 20; order++)
        {
            await DeliverAsync(sender, new OrderPaid(order));
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
        await using var sender = await SenderHarness.StartAsync(To(_receiver, options => options.ShutdownTimeout = TimeSpan.FromMilliseconds(100)));
        await sender.Publisher.PublishManyAsync(Enumerable.Range(0, 30).Select(order => new OrderPaid(order)));
        await isRetrying.Task.WaitAsync(Patience);
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
        await using var sender = await SenderHarness.StartAsync(To(_receiver, options => options.RetrySchedule = Retries([.. Enumerable.Repeat(1_000, 20)])));
        var ids = await sender.Publisher.PublishManyAsync(Enumerable.Range(0, Messages).Select(order => new OrderPaid(order)));
        await _receiver.WaitForRequestsAsync(Messages);
        await UntilAsync(() => Task.FromResult(sender.Log.Count("AttemptFailed") >= Messages), "every message has failed");

        var gate = new Lock();
        var four = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _receiver.DefaultAnswer = new ReceiverAnswer(async context =>
        {
            bool hasEarnedThem;
            lock (gate)
            {
                inFlight++;
                hasEarnedThem = successes >= 10;
                ahead = Math.Max(ahead, inFlight - successes);
                peak = Math.Max(peak, inFlight);
                if (inFlight == 4)
                {
                    four.TrySetResult();
                }
            }

            await (hasEarnedThem ? four.Task.WaitAsync(context.RequestAborted) : Task.Delay(20, context.RequestAborted));
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

    private Task<SenderHarness> StartAsync(int hanging, int healthy, int slots) => SenderHarness.StartAsync(builder =>
    {
        builder.Services.AddSingleton<TimeProvider>(_time);
        builder.AddEventType<string>("noise.made");
        builder.Configure(options =>
        {
            options.MaxInFlight = slots;
            options.AttemptTimeout = TimeSpan.FromMinutes(5);
            options.ShutdownTimeout = TimeSpan.FromMilliseconds(100);
        });
        for (var i = 0; i < hanging; i++)
        {
            AddEndpoint(builder, $"hanging-{i}", _hanging, "noise.*");
        }

        for (var i = 0; i < healthy; i++)
        {
            AddEndpoint(builder, $"healthy-{i}", _receiver, "order.*");
        }
    });

    private static async Task DeliverAsync<T>(SenderHarness sender, T payload)
        where T : notnull
    {
        var message = await sender.Publisher.PublishAsync(payload);
        await UntilAsync(
            async () => await sender.Deliveries.GetByMessageAsync(message, default) is [_, ..] deliveries
                && deliveries.All(delivery => delivery.Status == DeliveryStatus.Succeeded),
            $"{message} is delivered");
    }
}
