using System.Collections.Concurrent;
using WebhookKit.Deliveries;
using WebhookKit.Testing;
using static WebhookKit.Sender.Tests.SenderHarness;

namespace WebhookKit.Sender.Tests.Dispatch;

/// <summary>Endpoints that hang, fail and recover, beside endpoints that do not.</summary>
public sealed class SlowEndpointTests : IAsyncLifetime
{
    private const int WarmUps = 4;
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    // How quick an endpoint is by habit: so much that only a stall of several times as long makes it slow by chance.
    private static readonly TimeSpan Habit = TimeSpan.FromMilliseconds(400);

    private ScriptedReceiver _receiver = null!;
    private ScriptedReceiver _hanging = null!;

    public async Task InitializeAsync()
    {
        _receiver = await ScriptedReceiver.StartAsync();
        _receiver.DefaultAnswer = ReceiverAnswer.After(Habit, ReceiverAnswer.Status(200));
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
                options.AttemptTimeout = TimeSpan.FromMinutes(5);
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
        await _receiver.WaitForRequestsAsync(Healthy * (WarmUps + Orders), Patience);

        Assert.Equal(Slots / 2, _hanging.Requests.Count);
    }

    [Fact]
    public async Task EndpointsThatBeginToHang_AreKeptToHalfOfTheSlotsBeforeTheirFirstAttemptRunsOutOfTime()
    {
        const int Slots = 100;
        const int Hanging = 30;
        var hangs = false;
        _hanging.DefaultAnswer = new ReceiverAnswer(context => Task.Delay(hangs ? Timeout.InfiniteTimeSpan : Habit, context.RequestAborted));
        await using var sender = await StartAsync(builder =>
        {
            builder.AddEventType<string>("noise.made");
            builder.Configure(options =>
            {
                options.MaxInFlight = Slots;
                options.AttemptTimeout = TimeSpan.FromMinutes(5);
                options.ShutdownTimeout = TimeSpan.FromMilliseconds(100);
            });
            for (var i = 0; i < Hanging; i++)
            {
                AddEndpoint(builder, $"hanging-{i}", _hanging, "noise.*");
            }

            AddEndpoint(builder, "healthy", _receiver, "order.*");
        });
        MessageId[] well = [await sender.Publisher.PublishAsync("all is well"), .. await WarmUpAsync(sender, 1)];
        var longest = await GetLongestAsync(sender, well);
        hangs = true;

        await sender.Publisher.PublishAsync("the first to hang");
        await _hanging.WaitForRequestsAsync(2 * Hanging);

        // So long that with a second attempt just begun they take, on average, longer than twice what is typical.
        await Task.Delay(5 * longest);
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
        await using var sender = await StartAsync(To(_receiver, options => options.RetrySchedule = Retries([.. Enumerable.Repeat(1_000, 20)])));
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

    // The first attempts of a process take long; what counts here is how quick an endpoint is by habit.
    private async Task<IReadOnlyList<MessageId>> WarmUpAsync(SenderHarness sender, int endpoints)
    {
        var ids = new List<MessageId>();
        for (var order = 1; order <= WarmUps; order++)
        {
            ids.Add(await sender.PublishAsync(order));
            await _receiver.WaitForRequestsAsync(endpoints * order, Patience);
        }

        return ids;
    }

    private static async Task<TimeSpan> GetLongestAsync(SenderHarness sender, IEnumerable<MessageId> delivered)
    {
        var longest = TimeSpan.Zero;
        foreach (var id in delivered)
        {
            IReadOnlyList<Delivery> deliveries = [];
            await UntilAsync(
                async () => (deliveries = await sender.Deliveries.GetByMessageAsync(id, default)) is [_, ..]
                    && deliveries.All(delivery => delivery.Status == DeliveryStatus.Succeeded),
                "all are delivered");
            foreach (var delivery in deliveries)
            {
                longest = (await sender.AttemptsAsync(delivery)).Select(attempt => attempt.Duration).Append(longest).Max();
            }
        }

        return longest;
    }
}
