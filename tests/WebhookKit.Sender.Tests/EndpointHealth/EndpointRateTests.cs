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
        _receiver.DefaultAnswer = ReceiverAnswer.Status(429, ("Retry-After", "3600"));

        for (var order = 0; order < 30; order++)
        {
            await sender.PublishAsync(order);
        }

        await SenderHarness.UntilAsync(
            async () => (await sender.Endpoints.GetStatesAsync([EndpointId.Declared(null, "test")], default)).Any(state => state.SlowedDownUntil is not null),
            "the endpoint is slowed down");
        await sender.StopAsync();

        // The first, and what was under way when its answer came.
        Assert.InRange(_receiver.Requests.Count, 1, 4);
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

    private Task<SenderHarness> StartAsync(SenderHarness? over = null) => SenderHarness.StartAsync(
        builder => builder.AddEndpoint("test", _receiver.Url.ToString(), endpoint =>
        {
            endpoint.EventTypes.Add("*");
            endpoint.Rate = Rate;
            endpoint.Secrets.Add(SenderHarness.Secret.Reveal());
        }),
        over);
}
