using Microsoft.Extensions.DependencyInjection;
using WebhookKit.Deliveries;
using WebhookKit.Testing;

namespace WebhookKit.Sender.Tests.EndpointHealth;

public sealed class EndpointRateTests : IAsyncLifetime
{
    private static readonly EndpointRate Rate = EndpointRate.PerSecond(20);

    private ScriptedReceiver _receiver = null!;

    public async Task InitializeAsync() => _receiver = await ScriptedReceiver.StartAsync();

    public async Task DisposeAsync() => await _receiver.DisposeAsync();

    [Fact]
    public async Task Rate_TwoNodes_SendNoFasterTogether()
    {
        await using var one = await StartAsync();
        await using var other = await StartAsync(over: one);
        var began = TimeProvider.System.GetUtcNow();

        for (var order = 0; order < 40; order++)
        {
            await (order % 2 == 0 ? one : other).PublishAsync(order);
        }

        AssertPaced(await _receiver.WaitForRequestsAsync(40, TimeSpan.FromSeconds(60)), began);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Rate_OfAnEndpointOfTheRegistry_OrItsTenant_IsKept(bool isOwn)
    {
        await using var sender = await SenderHarness.StartAsync(builder => builder
            .AddEndpointRegistry()
            .UseTenantPolicy(_ => new EndpointPolicy { Rate = isOwn ? EndpointRate.PerSecond(100_000) : Rate }));
        var created = await sender.Registry.CreateAsync(NewEndpoint(isOwn ? Rate : null));
        Assert.Equal(Rate, created.Endpoint!.Rate);
        var began = TimeProvider.System.GetUtcNow();

        for (var order = 0; order < 20; order++)
        {
            await sender.PublishAsync(order);
        }

        AssertPaced(await _receiver.WaitForRequestsAsync(20, TimeSpan.FromSeconds(60)), began);
    }

    [Fact]
    public async Task Rate_OfATenantThatIsGivenOneLater_IsKeptFromThenOn()
    {
        EndpointPolicy? policy = null;
        await using var sender = await SenderHarness.StartAsync(builder => builder.AddEndpointRegistry().UseTenantPolicy(_ => Volatile.Read(ref policy)));
        var id = (await sender.Registry.CreateAsync(NewEndpoint(rate: null))).Endpoint!.Id;
        await sender.WaitForAsync(await sender.PublishAsync(), DeliveryStatus.Succeeded);

        Volatile.Write(ref policy, new EndpointPolicy { Rate = Rate });
        await sender.PublishAsync();
        await SenderHarness.UntilAsync(
            async () => Assert.Single(await sender.Endpoints.GetAsync([id], default)).Rate == Rate, "the tenant's rate is in force");

        Volatile.Write(ref policy, null);
        await SenderHarness.UntilAsync(
            async () =>
            {
                await sender.PublishAsync();
                return Assert.Single(await sender.Endpoints.GetAsync([id], default)).Rate is null;
            },
            "it is in force no more");
    }

    [Fact]
    public async Task Rate_AfterAPause_SavesNothingUp()
    {
        await using var sender = await StartAsync();
        _receiver.Answer(ReceiverAnswer.Status(429, ("Retry-After", "2")));
        await sender.PublishAsync();
        var asked = Assert.Single(await _receiver.WaitForRequestsAsync(1)).ArrivedAt;
        await SenderHarness.UntilAsync(
            async () => (await sender.Endpoints.GetStatesAsync([EndpointId.Declared(null, "test")], default)).Any(state => state.SlowedDownUntil is not null),
            "the endpoint is slowed down");
        for (var order = 0; order < 30; order++)
        {
            await sender.PublishAsync(order);
        }

        var all = await _receiver.WaitForRequestsAsync(32, TimeSpan.FromSeconds(60));

        AssertPaced([.. all.Skip(1)], asked + TimeSpan.FromSeconds(2));
    }

    [Fact]
    public async Task Rate_EndpointAsksForLess_IsNotSentWhatWaitsForItsSlot()
    {
        await using var sender = await StartAsync();

        // The first attempt of a process takes long.
        await sender.WaitForAsync(await sender.PublishAsync(), DeliveryStatus.Succeeded);
        _receiver.DefaultAnswer = ReceiverAnswer.Status(429, ("Retry-After", "3600"));

        for (var order = 0; order < 30; order++)
        {
            await sender.PublishAsync(order);
        }

        await SenderHarness.UntilAsync(
            async () => (await sender.Endpoints.GetStatesAsync([EndpointId.Declared(null, "test")], default)).Any(state => state.SlowedDownUntil is not null),
            "the endpoint is slowed down");
        await sender.StopAsync();

        // The first, and what was under way when its answer came: half of what waited for a slot at the most, on the busiest machine.
        Assert.InRange(_receiver.Requests.Count - 1, 1, 10);
    }

    [Fact]
    public async Task Rate_MachineStalls_WhatMissedItsSlotIsGivenLaterOnes()
    {
        const int Orders = 100;
        var time = new StallingTime();
        await using var sender = await StartAsync(configure: builder => builder.Services.AddSingleton<TimeProvider>(time));
        var messages = new List<MessageId>();
        for (var order = 0; order < Orders; order++)
        {
            messages.Add(await sender.PublishAsync(order));
        }

        // By then it has as many slots as any endpoint, and 16 requests wait for their time.
        await _receiver.WaitForRequestsAsync(20);
        time.Stall();
        await Task.Delay(TimeSpan.FromSeconds(2));
        time.GoOn();
        await _receiver.WaitForRequestsAsync(Orders, TimeSpan.FromSeconds(60));

        var starts = new List<DateTimeOffset>();
        foreach (var message in messages)
        {
            starts.Add(Assert.Single(await sender.AttemptsAsync(await sender.WaitForAsync(message, DeliveryStatus.Succeeded))).StartedAt);
        }

        // 22 slots lie within a second and the tolerance before it; 16 more waited when the machine stalled.
        starts.Sort();
        Assert.All(starts, (first, index) => Assert.InRange(
            starts.Skip(index).TakeWhile(start => start - first < TimeSpan.FromSeconds(1)).Count(), 1, 26));
    }

    [Fact]
    public async Task Rate_LeaseAnsweredAfterItsSlots_IsHandedBackAndGivenLaterOnes()
    {
        var late = 0;
        var store = new StoreProbe
        {
            OnLeased = delivery => Interlocked.Increment(ref late) <= 3 ? delivery with { StartsIn = delivery.StartsIn - TimeSpan.FromSeconds(10) } : delivery,
        };
        await using var sender = await StartAsync(store: store);

        var message = await sender.PublishAsync();

        var delivery = await sender.WaitForAsync(message, DeliveryStatus.Succeeded);
        Assert.True(store.Calls("ReleaseAsync") >= 3);
        Assert.Single(await sender.AttemptsAsync(delivery));
        Assert.Single(_receiver.Requests);
    }

    [Fact]
    public async Task Rate_ProbeAfterItsSlot_IsSentAllTheSame()
    {
        var store = new StoreProbe
        {
            OnLeased = delivery => delivery with { StartsIn = delivery.StartsIn - TimeSpan.FromSeconds(10), IsProbe = true },
        };
        await using var sender = await StartAsync(store: store);

        await sender.WaitForAsync(await sender.PublishAsync(), DeliveryStatus.Succeeded);

        Assert.Equal(0, store.Calls("ReleaseAsync"));
    }

    // No request may come before its slot, however late its machine is: strict without depending on speed.
    private static void AssertPaced(IReadOnlyList<ReceivedRequest> requests, DateTimeOffset began)
    {
        DateTimeOffset[] arrivals = [.. requests.Select(request => request.ArrivedAt).Order()];
        Assert.All(arrivals.Select((arrival, slot) => arrival - began - (slot * Rate.Interval)), early =>
            Assert.True(early > TimeSpan.FromMilliseconds(-50), $"A request came {-early.TotalMilliseconds} ms before its slot."));
    }

    private NewEndpoint NewEndpoint(EndpointRate? rate) => new()
    {
        Settings = new EndpointSettings { Url = _receiver.Url.ToString(), EventTypes = ["*"], Policy = new EndpointPolicy { Rate = rate } },
    };

    private Task<SenderHarness> StartAsync(
        SenderHarness? over = null, StoreProbe? store = null, Action<SenderBuilder>? configure = null) => SenderHarness.StartAsync(
        builder =>
        {
            builder.AddEndpoint("test", _receiver.Url.ToString(), endpoint =>
            {
                endpoint.EventTypes.Add("*");
                endpoint.Rate = Rate;
                endpoint.Secrets.Add(SenderHarness.Secret.Reveal());
            });
            configure?.Invoke(builder);
        },
        over,
        store);
}
