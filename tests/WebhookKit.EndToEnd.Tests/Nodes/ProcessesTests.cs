using Microsoft.Extensions.DependencyInjection;
using WebhookKit.Endpoints;
using WebhookKit.EndToEnd.Tests.Hosting;
using WebhookKit.Testing;
using Xunit.Abstractions;

namespace WebhookKit.EndToEnd.Tests.Nodes;

/// <summary>Four dispatchers in processes of their own on one PostgreSQL, which treat an endpoint as one would.</summary>
public sealed class ProcessesTests(OwnPostgres postgres, ITestOutputHelper output) : IClassFixture<OwnPostgres>, IAsyncLifetime
{
    private readonly List<ShopProcess> _nodes = [];
    private readonly string _secret = WebhookSecret.Generate().Reveal();
    private ScriptedReceiver _receiver = null!;
    private Shop _publisher = null!;
    private string _database = null!;

    public async Task InitializeAsync()
    {
        _receiver = await ScriptedReceiver.StartAsync();
        _database = await postgres.CreateDatabaseAsync();
        _publisher = await Shop.StartAsync(
            new PostgresStores(_database), [], sender => sender.DisableDispatcher().Configure(options => options.DeploymentVersion = 0));
    }

    public async Task DisposeAsync()
    {
        foreach (var node in _nodes)
        {
            await node.DisposeAsync();
        }

        await _publisher.DisposeAsync();
        await _receiver.DisposeAsync();
    }

    [Fact]
    public async Task Rate_OverTwentySeconds_IsKeptInEachOfThem()
    {
        const int Orders = 1_000;
        await StartAsync(maxPerSecond: 50);
        var began = TimeProvider.System.GetUtcNow();

        await PublishAsync(Orders);

        var arrivals = Pace.Of(await _receiver.WaitForRequestsAsync(Orders, TimeSpan.FromMinutes(3)));
        Pace.AssertSlots(arrivals, began, EndpointRate.PerSecond(50));
        var starts = await ReadStartsAsync(Orders);
        var perSecond = (Orders - 1) / (starts[^1] - starts[0]).TotalSeconds;
        output.WriteLine(
            $"{perSecond:F2} a second; "
            + $"{Pace.InFullestSecond(starts)} sent and {Pace.InFullestSecond(arrivals)} received in the fullest one");

        // 53 slots lie within a second and the tolerance before it. The rest is for threads that a busy machine stops between
        // the question whether a slot is still theirs and the time they note down; what it holds up longer loses its slots.
        Assert.InRange(Pace.InFullestSecond(starts), 1, 60);

        // A machine that stands still loses slots; one that stands still half of the time is none to test on.
        Assert.True(perSecond > 25, $"Only {perSecond:F1} a second were sent.");
    }

    [Fact]
    public async Task Circuit_HalfOpen_ThereIsOneProbeInAllAndThenNoMoreThanTheRate()
    {
        const int Orders = 120;
        var pause = ShopNodeSettings.AttemptTimeout + TimeSpan.FromSeconds(4);
        var rate = EndpointRate.PerSecond(5);
        _receiver.DefaultAnswer = ReceiverAnswer.Status(500);
        await StartAsync(rate.Requests, circuitBreak: pause);
        await PublishAsync(Orders);

        // What was leased when it opened has been sent a second later, and is answered or given up in its time.
        await WaitForAsync(EndpointCircuit.Open);
        await Eventually.ReadAsync(ReadStateAsync, state => state!.SlowedDownUntil - TimeProvider.System.GetUtcNow() < TimeSpan.FromSeconds(2));
        var before = _receiver.Requests.Count;
        var failing = HoldAnswers(500);
        await AssertOneProbeAsync(before);
        failing.SetResult();

        // The circuit is open for about as long as the endpoint has been failing: nobody sends anything in all that time.
        await WaitForAsync(EndpointCircuit.Open);
        var working = HoldAnswers(200);
        await AssertOneProbeAsync(before + 1);
        var probes = Pace.Of(_receiver.Requests)[before..];
        Assert.True(probes[1] - probes[0] > pause, $"The second probe came {probes[1] - probes[0]} after the first.");

        _receiver.DefaultAnswer = ReceiverAnswer.Status(200);
        working.SetResult();
        await WaitForAsync(EndpointCircuit.Recovering);
        const int Recovered = 50;
        await _receiver.WaitForRequestsAsync(before + 2 + Recovered, TimeSpan.FromMinutes(3));
        DateTimeOffset[] starts = [.. (await ReadStartsAsync(before + 2 + Recovered)).Where(start => start > probes[1])];
        output.WriteLine(
            $"{Pace.InFullestSecond(starts)} in the fullest second; after the probe "
            + string.Join(' ', starts.Select(start => $"{(start - starts[0]).TotalSeconds:F2}")));
        Pace.AssertSlots(starts, starts[0], rate);

        // 6 slots lie within a second and the tolerance before it; what waited for the recovery is ten times as many.
        Assert.InRange(Pace.InFullestSecond(starts), 1, 8);
    }

    // As long as the probe is under way nobody sends anything else: a longer wait would only try harder.
    private async Task AssertOneProbeAsync(int before)
    {
        await WaitForAsync(EndpointCircuit.HalfOpen);
        await _receiver.WaitForRequestsAsync(before + 1, TimeSpan.FromMinutes(1));
        await Task.Delay(TimeSpan.FromSeconds(2));
        Assert.Equal(before + 1, _receiver.Requests.Count);
    }

    private TaskCompletionSource HoldAnswers(int status)
    {
        var release = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _receiver.DefaultAnswer = ReceiverAnswer.When(release.Task, ReceiverAnswer.Status(status));
        return release;
    }

    private async Task StartAsync(int maxPerSecond, TimeSpan? circuitBreak = null)
    {
        for (var node = 0; node < 4; node++)
        {
            _nodes.Add(await ShopProcess.StartAsync(
                new ShopNodeSettings(_database, _receiver.Url.ToString(), _secret, maxPerSecond, circuitBreak)));
        }
    }

    private async Task PublishAsync(int orders) =>
        await _publisher.Publisher.PublishManyAsync(Enumerable.Range(0, orders).Select(order => new OrderPaid($"A-{order}", 1m)).ToArray());

    private Task WaitForAsync(EndpointCircuit circuit) => Eventually.ReadAsync(ReadStateAsync, state => state?.Circuit == circuit);

    // By the clocks of the senders, once they have written down at least so many.
    private async Task<DateTimeOffset[]> ReadStartsAsync(int count)
    {
        var starts = await Eventually.ReadAsync(() => _publisher.InDbAsync(db => db.GetAttemptStartsAsync()), starts => starts.Length >= count);
        return [.. starts.Order()];
    }

    private async Task<EndpointState?> ReadStateAsync() =>
        (await _publisher.Services.GetRequiredService<IEndpointStore>()
            .GetStatesAsync([EndpointId.Declared(null, ShopNodeSettings.EndpointName)], default)).SingleOrDefault();
}
