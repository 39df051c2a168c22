using WebhookKit.Deliveries;
using WebhookKit.Endpoints;
using WebhookKit.StoreConformance.Deliveries;

namespace WebhookKit.StoreConformance.Endpoints;

/// <summary>What every store promises about the health of endpoints: circuit, probe, ramp, and being given up.</summary>
public abstract class EndpointHealthSuite : DeliverySuite
{
    // Longer than any test takes, so that nothing passes before a test moves the clock.
    private static readonly EndpointHealthPolicy Policy = new()
    {
        CircuitWindow = TimeSpan.FromMinutes(10),
        CircuitBreak = TimeSpan.FromMinutes(10),
    };

    private Queue<LeasedDelivery> _stock = new();

    [Fact]
    public async Task Circuit_TooFewAttempts_StaysClosed()
    {
        var endpoint = await StockAsync(9);

        await FailAsync(endpoint, 9);

        Assert.Equal(EndpointCircuit.Closed, (await ReadStateAsync(endpoint)).Circuit);
        Assert.False((await ReadEndpointAsync(endpoint)).IsSlowedDown);
    }

    [Fact]
    public async Task Circuit_TooManySuccesses_StaysClosed()
    {
        var endpoint = await StockAsync(20);
        await FailAsync(endpoint, 6);
        await SucceedAsync(endpoint, 4);
        await FailAsync(endpoint, 3);

        var state = await ReadStateAsync(endpoint);

        Assert.Equal((EndpointCircuit.Closed, 13, 9), (state.Circuit, state.WindowAttempts, state.WindowFailures));
        await FailAsync(endpoint, 7);
        Assert.Equal(EndpointCircuit.Open, (await ReadStateAsync(endpoint)).Circuit);
    }

    [Fact]
    public async Task Circuit_FailuresTooFarApart_StaysClosed()
    {
        var endpoint = await StockAsync(18);
        await FailAsync(endpoint, 9);
        await Store.AdvanceAsync(Policy.CircuitWindow + Slack);

        await FailAsync(endpoint, 9);

        var state = await ReadStateAsync(endpoint);
        Assert.Equal((EndpointCircuit.Closed, 9, 18), (state.Circuit, state.WindowAttempts, state.ConsecutiveFailures));
    }

    [Fact]
    public async Task Circuit_SuccessesWithoutAFailureInTheWindow_WritesNothingMore()
    {
        var endpoint = await StockAsync(3);
        await SucceedAsync(endpoint, 1);
        var first = await ReadStateAsync(endpoint);

        await SucceedAsync(endpoint, 2);

        Assert.Equal(first, await ReadStateAsync(endpoint));
        Assert.Null(first.WindowStartedAt);
    }

    [Fact]
    public async Task Circuit_Opens_GivesNothingUntilTheBreakIsOver()
    {
        var endpoint = await OpenAsync();

        Assert.Empty(await LeaseAllAsync(endpoint));
        Assert.True((await ReadEndpointAsync(endpoint)).IsSlowedDown);
        AssertClose(Policy.CircuitBreak, Assert.Single(await Store.Deliveries.SweepAsync(null, 10, default)).DueIn);
        await Store.AdvanceAsync(Policy.CircuitBreak - Slack);
        Assert.Empty(await LeaseAllAsync(endpoint));
    }

    [Fact]
    public async Task Circuit_BreakIsOver_GivesOneProbeAndNothingElse()
    {
        var endpoint = await OpenAsync();
        await Store.AdvanceAsync(Policy.CircuitBreak + Slack);

        Assert.True(Assert.Single(await LeaseAllAsync(endpoint)).IsProbe);

        Assert.Empty(await LeaseAllAsync(endpoint));
        Assert.Equal(EndpointCircuit.HalfOpen, (await ReadStateAsync(endpoint)).Circuit);
        Assert.True((await ReadEndpointAsync(endpoint)).IsSlowedDown);
        AssertClose(LeaseDuration, Assert.Single(await Store.Deliveries.SweepAsync(null, 10, default)).DueIn);
    }

    [Fact]
    public async Task Circuit_BreakIsOverAndManyAsk_GivesOneProbeInAll()
    {
        var endpoint = await OpenAsync();
        await Store.AdvanceAsync(Policy.CircuitBreak + Slack);

        var leased = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Run(async () => await LeaseAllAsync(endpoint))));

        Assert.Single(leased.SelectMany(some => some));
    }

    [Fact]
    public async Task Circuit_ProbeIsLost_GivesAnotherWhenItsLeaseEnds()
    {
        var endpoint = await OpenAsync();
        await Store.AdvanceAsync(Policy.CircuitBreak + Slack);
        Assert.Single(await LeaseAllAsync(endpoint));

        await Store.AdvanceAsync(LeaseDuration + Slack);

        Assert.Single(await LeaseAllAsync(endpoint));
        Assert.Empty(await LeaseAllAsync(endpoint));
    }

    [Fact]
    public async Task Circuit_NothingIsDue_KeepsTheProbe()
    {
        var endpoint = await OpenAsync(due: 0);
        await Store.AdvanceAsync(Policy.CircuitBreak + Slack);
        Assert.Empty(await LeaseAllAsync(endpoint));

        await MakeDueAsync(endpoint, 3);

        Assert.Single(await LeaseAllAsync(endpoint));
    }

    [Fact]
    public async Task Circuit_ProbeFails_OpensAgain()
    {
        var endpoint = await OpenAsync();
        await Store.AdvanceAsync(Policy.CircuitBreak + Slack);
        _stock = new(await LeaseAllAsync(endpoint));

        await FailAsync(endpoint, 1);

        Assert.Equal(EndpointCircuit.Open, (await ReadStateAsync(endpoint)).Circuit);
        AssertClose(Policy.CircuitBreak, Assert.Single(await Store.Deliveries.SweepAsync(null, 10, default)).DueIn);
        await Store.AdvanceAsync(Policy.CircuitBreak + Slack);
        Assert.Single(await LeaseAllAsync(endpoint));
    }

    [Fact]
    public async Task Circuit_ProbeSucceeds_GivesLittleAtFirstAndThenEverything()
    {
        var endpoint = await OpenAsync(due: 200);
        await Store.AdvanceAsync(Policy.CircuitBreak + Slack);
        _stock = new(await LeaseAllAsync(endpoint));
        await SucceedAsync(endpoint, 1);

        var first = await LeaseAllAsync(endpoint);

        Assert.Equal(EndpointCircuit.Recovering, (await ReadStateAsync(endpoint)).Circuit);
        Assert.InRange(first.Count, 1, 70);
        Assert.All(first, delivery => Assert.NotNull(delivery.StartsIn));
        Assert.DoesNotContain(first, delivery => delivery.IsProbe);
        Assert.True((await ReadEndpointAsync(endpoint)).IsSlowedDown);

        await Store.AdvanceAsync(EndpointHealthDefaults.Ramp + Slack);
        var all = await LeaseAllAsync(endpoint);
        Assert.Equal(100, all.Count);
        Assert.All(all, delivery => Assert.Null(delivery.StartsIn));
        _stock = new(all);
        await SucceedAsync(endpoint, 1);
        Assert.Equal(EndpointCircuit.Closed, (await ReadStateAsync(endpoint)).Circuit);
        Assert.False((await ReadEndpointAsync(endpoint)).IsSlowedDown);
        Assert.False((await ReadStateAsync(endpoint)).IsFailing);
    }

    [Fact]
    public async Task Circuit_SentBeforeItOpened_DoesNotCloseIt()
    {
        var endpoint = await OpenAsync(inFlight: 5);

        await SucceedAsync(endpoint, 5);

        Assert.Equal(EndpointCircuit.Open, (await ReadStateAsync(endpoint)).Circuit);
        Assert.Empty(await LeaseAllAsync(endpoint));
    }

    [Fact]
    public async Task Disable_FailingLongAndOften_DisablesWithTheReason()
    {
        var endpoint = await StockAsync(20);
        await FailAsync(endpoint, 19);
        await Store.AdvanceAsync(TimeSpan.FromDays(5) + Slack);

        await FailAsync(endpoint, 1);

        var disabled = await ReadEndpointAsync(endpoint);
        Assert.Equal((EndpointStatus.Disabled, EndpointStatusReason.Failing), (disabled.Status, disabled.StatusReason));
    }

    [Fact]
    public async Task Disable_OnlyLongOrOnlyOften_StaysEnabled()
    {
        var endpoint = await StockAsync(40);
        await FailAsync(endpoint, 18);
        await Store.AdvanceAsync(TimeSpan.FromDays(5) + Slack);
        await FailAsync(endpoint, 1);
        Assert.Equal(EndpointStatus.Enabled, (await ReadEndpointAsync(endpoint)).Status);

        // A success begins the count anew, a probe's included.
        await Store.Endpoints.SetStatusAsync(endpoint, EndpointStatus.Enabled, EndpointStatusReason.ByUser, default);
        await SucceedAsync(endpoint, 1);
        await FailAsync(endpoint, 20);
        Assert.Equal(EndpointStatus.Enabled, (await ReadEndpointAsync(endpoint)).Status);
    }

    [Fact]
    public async Task SetStatus_Enabled_StartsAfresh()
    {
        var endpoint = await OpenAsync(inFlight: 1);
        await Store.AdvanceAsync(TimeSpan.FromDays(6));
        await Store.Endpoints.SetStatusAsync(endpoint, EndpointStatus.Disabled, EndpointStatusReason.ByUser, default);

        await Store.Endpoints.SetStatusAsync(endpoint, EndpointStatus.Enabled, EndpointStatusReason.ByUser, default);
        await FailAsync(endpoint, 1);

        var state = await ReadStateAsync(endpoint);
        Assert.Equal((EndpointCircuit.Closed, 1, false), (state.Circuit, state.ConsecutiveFailures, state.IsFailing));
        Assert.Equal(EndpointStatus.Enabled, (await ReadEndpointAsync(endpoint)).Status);
        Assert.NotEmpty(await LeaseAllAsync(endpoint));
    }

    private async Task<EndpointId> StockAsync(int count)
    {
        var endpoint = (await DeclareAsync("one"))[0];
        await MakeDueAsync(endpoint, count);
        _stock = new(await LeaseAllAsync(endpoint));
        return endpoint;
    }

    private async Task<EndpointId> OpenAsync(int due = 5, int inFlight = 0)
    {
        var endpoint = await StockAsync(10 + inFlight);
        await MakeDueAsync(endpoint, due);
        await FailAsync(endpoint, 10);
        Assert.Equal(EndpointCircuit.Open, (await ReadStateAsync(endpoint)).Circuit);
        return endpoint;
    }

    private Task SucceedAsync(EndpointId endpoint, int count) => WriteAsync(endpoint, count, leased => Succeed(leased), isSuccess: true);

    // Due again only when every test is over.
    private Task FailAsync(EndpointId endpoint, int count) =>
        WriteAsync(endpoint, count, leased => Fail(leased, TimeSpan.FromDays(100)), isSuccess: false);

    private async Task WriteAsync(EndpointId endpoint, int count, Func<LeasedDelivery, DeliveryCompletion> complete, bool isSuccess)
    {
        DeliveryCompletion[] completions = [.. Enumerable.Range(0, count).Select(_ => complete(_stock.Dequeue()))];
        var health = new EndpointHealth
        {
            EndpointId = endpoint,
            Successes = isSuccess ? count : 0,
            Failures = isSuccess ? 0 : count,
            Policy = Policy,
        };
        Assert.Empty(await Store.Deliveries.CompleteAsync(completions, [health], default));
    }
}
