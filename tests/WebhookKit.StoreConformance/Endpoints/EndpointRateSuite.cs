using WebhookKit.Deliveries;
using WebhookKit.StoreConformance.Deliveries;

namespace WebhookKit.StoreConformance.Endpoints;

/// <summary>What every store promises about an endpoint's rate, whoever leases.</summary>
public abstract class EndpointRateSuite : DeliverySuite
{
    [Fact]
    public async Task Lease_RateOfTenAnHour_GivesOneAndTheNextInSixMinutes()
    {
        var endpoint = await DeclareAsync(new EndpointRate(10, TimeSpan.FromHours(1)));
        await MakeDueAsync(endpoint, 10);

        Assert.Single(await LeaseAllAsync(endpoint));
        Assert.Empty(await LeaseAllAsync(endpoint));

        await Store.AdvanceAsync(TimeSpan.FromMinutes(6) - Slack);
        Assert.Empty(await LeaseAllAsync(endpoint));
        await Store.AdvanceAsync(2 * Slack);
        Assert.Single(await LeaseAllAsync(endpoint));
        Assert.Empty(await LeaseAllAsync(endpoint));
    }

    [Fact]
    public async Task Lease_AfterALongPause_GivesNoMoreThanTheRate()
    {
        var endpoint = await DeclareAsync(new EndpointRate(10, TimeSpan.FromHours(1)));
        await MakeDueAsync(endpoint, 30);
        Assert.Single(await LeaseAllAsync(endpoint));

        await Store.AdvanceAsync(TimeSpan.FromHours(3));

        Assert.Single(await LeaseAllAsync(endpoint));
        Assert.Empty(await LeaseAllAsync(endpoint));
    }

    [Fact]
    public async Task Lease_RateOfTenASecond_SpacesThemEvenlyAndNotFarAhead()
    {
        var endpoint = await DeclareAsync(EndpointRate.PerSecond(10));
        await MakeDueAsync(endpoint, 50);

        var leased = await LeaseAllAsync(endpoint);

        // From the answer on, so that what the store took is taken off.
        Assert.True(leased[0].StartsIn <= TimeSpan.Zero);
        Assert.Equal(
            Enumerable.Range(0, 11).Select(slot => TimeSpan.FromMilliseconds(100 * slot)),
            leased.Select(delivery => delivery.StartsIn!.Value - leased[0].StartsIn!.Value));
    }

    [Fact]
    public async Task Lease_FewerDueThanGranted_ChargesOnlyThose()
    {
        var endpoint = await DeclareAsync(EndpointRate.PerMinute(1_200));
        await MakeDueAsync(endpoint, 2);
        Assert.Equal(2, (await LeaseAllAsync(endpoint)).Count);
        await MakeDueAsync(endpoint, 50);

        var next = await LeaseAllAsync(endpoint);

        // The slots behind the two that were taken, 50 ms each, come at once.
        Assert.True(next[0].StartsIn <= TimeSpan.FromMilliseconds(100));
    }

    [Fact]
    public async Task Lease_ManyAskAtOnce_GivesEachSlotOnce()
    {
        var endpoint = await DeclareAsync(new EndpointRate(10, TimeSpan.FromHours(1)));
        await MakeDueAsync(endpoint, 20);

        var leased = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Run(async () => await LeaseAllAsync(endpoint))));

        Assert.Single(leased.SelectMany(some => some));
    }

    [Fact]
    public async Task Lease_RateBesideUnboundedEndpoints_BoundsOnlyItsOwn()
    {
        WebhookEndpoint[] endpoints =
        [
            NewEndpoint("rated") with { Rate = new EndpointRate(1, TimeSpan.FromHours(1)) }, NewEndpoint("free"),
        ];
        await Store.Endpoints.DeclareAsync(endpoints, 1, default);
        await MakeDueAsync(endpoints[0].Id, 5);
        await MakeDueAsync(endpoints[1].Id, 5);

        var leased = await LeaseAllAsync(endpoints[0].Id, endpoints[1].Id);

        Assert.Equal((1, 5), (leased.Count(one => one.EndpointId == endpoints[0].Id), leased.Count(one => one.EndpointId == endpoints[1].Id)));
        Assert.All(leased, delivery => Assert.Equal(delivery.EndpointId == endpoints[0].Id, delivery.StartsIn is not null));
        Assert.DoesNotContain(leased, delivery => delivery.IsProbe);
    }

    [Fact]
    public async Task Lease_RetriesBeyondTheirShare_KeepsSlotsForFirstAttempts()
    {
        var endpoint = await DeclareAsync(EndpointRate.PerSecond(10));
        await MakeDueAsync(endpoint, 5);
        foreach (var leased in await LeaseAllAsync(endpoint))
        {
            await CompleteAsync(Fail(leased));
        }

        await Store.AdvanceAsync(Slack);
        await MakeDueAsync(endpoint, 5);

        var next = await Store.Deliveries.LeaseAsync([new LeaseBudget(endpoint, 4, 1)], Ids.NewLeaseId(), LeaseDuration, default);

        Assert.Equal(3, next.Count(delivery => delivery.Attempts == 0));
    }

    [Fact]
    public async Task SetRates_EndpointWithoutOne_BoundsItFromTheNextLeaseOn()
    {
        var endpoint = NewEndpoint("one");
        await Store.Endpoints.DeclareAsync([endpoint], 1, default);
        await MakeDueAsync(endpoint.Id, 10);

        await SetRateAsync(endpoint.Id, new EndpointRate(10, TimeSpan.FromHours(1)));

        Assert.Single(await LeaseAllAsync(endpoint.Id));
        Assert.Empty(await LeaseAllAsync(endpoint.Id));
        Assert.Equal(new EndpointRate(10, TimeSpan.FromHours(1)), Assert.Single(await Store.Endpoints.GetAsync([endpoint.Id], default)).Rate);
    }

    [Fact]
    public async Task SetRates_None_BoundsItNoMore()
    {
        var endpoint = await DeclareAsync(new EndpointRate(10, TimeSpan.FromHours(1)));
        await MakeDueAsync(endpoint, 10);
        Assert.Single(await LeaseAllAsync(endpoint));

        await SetRateAsync(endpoint, null);

        Assert.Equal(9, (await LeaseAllAsync(endpoint)).Count);
    }

    [Fact]
    public async Task SetRates_HigherOne_DoesNotWaitForTheSlotOfTheLowerOne()
    {
        var endpoint = await DeclareAsync(new EndpointRate(1, TimeSpan.FromDays(1)));
        await MakeDueAsync(endpoint, 10);
        Assert.Single(await LeaseAllAsync(endpoint));
        Assert.Empty(await LeaseAllAsync(endpoint));

        await SetRateAsync(endpoint, EndpointRate.PerSecond(50));

        var leased = await LeaseAllAsync(endpoint);
        Assert.NotEmpty(leased);
        Assert.True(leased[0].StartsIn <= TimeSpan.FromSeconds(1));
    }

    [Fact]
    public async Task SetRates_UnknownEndpoint_IsPassedOver()
    {
        var endpoint = Ids.NewEndpointId();

        await SetRateAsync(endpoint, EndpointRate.PerSecond(1));

        Assert.Empty(await Store.Endpoints.GetAsync([endpoint], default));
    }

    private ValueTask SetRateAsync(EndpointId id, EndpointRate? rate) =>
        Store.Endpoints.SetRatesAsync(new Dictionary<EndpointId, EndpointRate?> { [id] = rate }, default);

    private async Task<EndpointId> DeclareAsync(EndpointRate rate)
    {
        var endpoint = NewEndpoint("one") with { Rate = rate };
        await Store.Endpoints.DeclareAsync([endpoint], 1, default);
        return endpoint.Id;
    }
}
