using WebhookKit.Retry;

namespace WebhookKit.StoreConformance.Endpoints;

/// <summary>What every endpoint store promises; health is written by deliveries and tested there.</summary>
public abstract class EndpointStoreSuite : StoreSuite
{
    private static readonly EndpointId Warehouse = EndpointId.Declared(null, "warehouse");
    private static readonly EndpointId Billing = EndpointId.Declared(null, "billing");

    [Fact]
    public async Task DeclareAsync_NewEndpoint_ReadsBackEveryField()
    {
        var endpoint = NewEndpoint("warehouse", "acme") with
        {
            Url = "https://warehouse.example:8443/hooks/%C3%BC?key=value",
            EventTypes = ["order.*", "invoice.paid", "*"],
            Filter = $$$"""{"data":{"note":"{{{new string('ü', 5_000)}}}"}}""",
        };

        await Store.Endpoints.DeclareAsync([endpoint], 1, default);

        AssertSame(endpoint, await ReadAsync(endpoint.Id));
    }

    [Fact]
    public async Task DeclareAsync_Policy_ReadsBackAndIsReplaced()
    {
        var policy = new EndpointPolicy
        {
            RetrySchedule = new RetrySchedule([TimeSpan.FromSeconds(1.5), TimeSpan.FromDays(2)], jitter: 0.5),
            AttemptTimeout = TimeSpan.FromSeconds(3),
            MaxInFlight = 2,
            SignatureScheme = "stripe",
            SignatureHeaderPrefix = "Acme",
        };
        var endpoint = NewEndpoint("warehouse") with { Policy = policy };

        await Store.Endpoints.DeclareAsync([endpoint], 1, default);
        var read = (await ReadAsync(endpoint.Id)).Policy;
        Assert.NotNull(read);
        Assert.Equal(policy.RetrySchedule.Delays, read.RetrySchedule?.Delays);
        Assert.Equal(policy.RetrySchedule.Jitter, read.RetrySchedule?.Jitter);
        Assert.Equal(policy with { RetrySchedule = null }, read with { RetrySchedule = null });

        await Store.Endpoints.DeclareAsync([NewEndpoint("warehouse")], 2, default);
        Assert.Null((await ReadAsync(endpoint.Id)).Policy);
    }

    [Fact]
    public async Task DeclareAsync_NoSubscription_ReadsBackNone()
    {
        var endpoint = NewEndpoint("warehouse") with { EventTypes = [] };

        await Store.Endpoints.DeclareAsync([endpoint], 1, default);

        AssertSame(endpoint, await ReadAsync(endpoint.Id));
    }

    [Fact]
    public async Task DeclareAsync_KnownEndpoint_TakesTheNewValues()
    {
        await Store.Endpoints.DeclareAsync([NewEndpoint("warehouse")], 1, default);
        var changed = NewEndpoint("warehouse") with { Url = "https://new.example/", EventTypes = ["invoice.paid"], Filter = """{"a":1}""" };

        await Store.Endpoints.DeclareAsync([changed], 2, default);
        AssertSame(changed, await ReadAsync(changed.Id));

        await Store.Endpoints.DeclareAsync([changed with { Filter = null }], 3, default);
        AssertSame(changed with { Filter = null }, await ReadAsync(changed.Id));
    }

    [Fact]
    public async Task DeclareAsync_Rate_ReadsBackAndChanges()
    {
        var rated = NewEndpoint("warehouse") with { Rate = EndpointRate.PerSecond(50) };
        EndpointRate?[] rates = [rated.Rate, new EndpointRate(7, TimeSpan.FromMinutes(1.5)), null, EndpointRate.PerMinute(1)];

        foreach (var rate in rates)
        {
            await Store.Endpoints.DeclareAsync([rated with { Rate = rate }], 1, default);
            Assert.Equal(rate, (await ReadAsync(Warehouse)).Rate);
            Assert.Equal(rate, Assert.Single(await Store.Endpoints.GetByTenantsAsync([null], default)).Rate);
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public async Task DeclareAsync_EndpointIsMissing_DisablesItAsNotDeclaredUntilItReturns(long later)
    {
        await Store.Endpoints.DeclareAsync([NewEndpoint("warehouse"), NewEndpoint("billing")], 1, default);

        await Store.Endpoints.DeclareAsync([NewEndpoint("billing")], later, default);
        await AssertStatusAsync(Warehouse, EndpointStatus.Disabled, EndpointStatusReason.NotDeclared);
        await AssertStatusAsync(Billing, EndpointStatus.Enabled, EndpointStatusReason.None);
        Assert.Equal("https://warehouse.example/hooks", (await ReadAsync(Warehouse)).Url);

        await Store.Endpoints.DeclareAsync([NewEndpoint("warehouse"), NewEndpoint("billing")], later, default);
        await AssertStatusAsync(Warehouse, EndpointStatus.Enabled, EndpointStatusReason.None);
    }

    [Fact]
    public async Task DeclareAsync_NoneLeft_DisablesAllAndStillOrdersDeployments()
    {
        await Store.Endpoints.DeclareAsync([NewEndpoint("warehouse"), NewEndpoint("billing")], 1, default);

        await Store.Endpoints.DeclareAsync([], 3, default);
        await Store.Endpoints.DeclareAsync([NewEndpoint("warehouse")], 2, default);

        await AssertStatusAsync(Warehouse, EndpointStatus.Disabled, EndpointStatusReason.NotDeclared);
        await AssertStatusAsync(Billing, EndpointStatus.Disabled, EndpointStatusReason.NotDeclared);
    }

    [Theory]
    [InlineData(EndpointStatus.Disabled, EndpointStatusReason.Gone)]
    [InlineData(EndpointStatus.Disabled, EndpointStatusReason.Failing)]
    [InlineData(EndpointStatus.Disabled, EndpointStatusReason.ByUser)]
    [InlineData(EndpointStatus.Paused, EndpointStatusReason.ByUser)]
    public async Task DeclareAsync_StatusHasAnotherReason_IsKept(EndpointStatus status, EndpointStatusReason reason)
    {
        await Store.Endpoints.DeclareAsync([NewEndpoint("warehouse")], 1, default);
        Assert.True(await Store.Endpoints.SetStatusAsync(Warehouse, status, reason, default));

        await Store.Endpoints.DeclareAsync([NewEndpoint("warehouse")], 2, default);
        await AssertStatusAsync(Warehouse, status, reason);

        await Store.Endpoints.DeclareAsync([], 3, default);
        await AssertStatusAsync(Warehouse, status, reason);

        await Store.Endpoints.DeclareAsync([NewEndpoint("warehouse")], 4, default);
        await AssertStatusAsync(Warehouse, status, reason);
    }

    [Fact]
    public async Task DeclareAsync_EnabledByUserAndMissing_IsDisabledAllTheSame()
    {
        await Store.Endpoints.DeclareAsync([NewEndpoint("warehouse")], 1, default);
        await Store.Endpoints.SetStatusAsync(Warehouse, EndpointStatus.Enabled, EndpointStatusReason.ByUser, default);

        await Store.Endpoints.DeclareAsync([NewEndpoint("warehouse")], 1, default);
        await AssertStatusAsync(Warehouse, EndpointStatus.Enabled, EndpointStatusReason.ByUser);

        await Store.Endpoints.DeclareAsync([], 1, default);
        await AssertStatusAsync(Warehouse, EndpointStatus.Disabled, EndpointStatusReason.NotDeclared);
    }

    [Fact]
    public async Task DeclareAsync_OlderDeployment_ChangesNothing()
    {
        var newest = NewEndpoint("warehouse") with { Url = "https://newest.example/" };
        await Store.Endpoints.DeclareAsync([newest], 5, default);

        await Store.Endpoints.DeclareAsync([NewEndpoint("warehouse"), NewEndpoint("billing")], 4, default);
        await Store.Endpoints.DeclareAsync([], long.MinValue, default);

        AssertSame(newest, await ReadAsync(newest.Id));
        Assert.Empty(await Store.Endpoints.GetAsync([Billing], default));
    }

    [Fact]
    public async Task DeclareAsync_EqualDeployment_Replaces()
    {
        await Store.Endpoints.DeclareAsync([NewEndpoint("warehouse")], 5, default);
        var replaced = NewEndpoint("warehouse") with { Url = "https://replaced.example/" };

        await Store.Endpoints.DeclareAsync([replaced], 5, default);

        AssertSame(replaced, await ReadAsync(replaced.Id));
    }

    [Fact]
    public async Task DeclareAsync_SameFromManyTasks_DeclaresOnce()
    {
        WebhookEndpoint[] endpoints = [NewEndpoint("warehouse"), NewEndpoint("billing"), NewEndpoint("warehouse", "acme")];

        await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Run(async () =>
            await Store.Endpoints.DeclareAsync(endpoints, 1, default))));

        Assert.Equal(2, (await Store.Endpoints.GetByTenantsAsync([null], default)).Count);
        Assert.Single(await Store.Endpoints.GetByTenantsAsync(["acme"], default));
    }

    [Fact]
    public async Task GetByTenantsAsync_SeveralTenants_GivesTheirEndpointsWhateverTheirStatus()
    {
        var endpoints = new[]
        {
            NewEndpoint("warehouse"), NewEndpoint("warehouse", "acme"), NewEndpoint("billing", "acme"),
            NewEndpoint("warehouse", "globex"), NewEndpoint("warehouse", "Acme"),
        };
        await Store.Endpoints.DeclareAsync(endpoints, 1, default);
        await Store.Endpoints.SetStatusAsync(endpoints[1].Id, EndpointStatus.Disabled, EndpointStatusReason.Gone, default);
        await Store.Endpoints.SetStatusAsync(endpoints[2].Id, EndpointStatus.Paused, EndpointStatusReason.ByUser, default);

        await AssertTenantsAsync([null], [endpoints[0]]);
        await AssertTenantsAsync(["acme"], [endpoints[1], endpoints[2]]);
        await AssertTenantsAsync([null, "globex", "acme", "nobody"], [endpoints[0], endpoints[1], endpoints[2], endpoints[3]]);
        await AssertTenantsAsync(["nobody"], []);
        await AssertTenantsAsync([], []);
    }

    [Fact]
    public async Task GetAsync_UnknownIds_AreLeftOut()
    {
        await Store.Endpoints.DeclareAsync([NewEndpoint("warehouse"), NewEndpoint("billing")], 1, default);

        var read = await Store.Endpoints.GetAsync([Billing, Ids.NewEndpointId(), Warehouse], default);

        Assert.Equal(new[] { Billing, Warehouse }.Order(), read.Select(endpoint => endpoint.Id).Order());
        Assert.Empty(await Store.Endpoints.GetAsync([], default));
    }

    [Fact]
    public async Task SetStatusAsync_KnownEndpoint_SetsStatusAndReasonOnly()
    {
        var endpoint = NewEndpoint("warehouse");
        await Store.Endpoints.DeclareAsync([endpoint], 1, default);

        Assert.True(await Store.Endpoints.SetStatusAsync(Warehouse, EndpointStatus.Paused, EndpointStatusReason.ByUser, default));

        AssertSame(
            endpoint with { Status = EndpointStatus.Paused, StatusReason = EndpointStatusReason.ByUser }, await ReadAsync(Warehouse));
    }

    [Fact]
    public async Task SetStatusAsync_UnknownEndpoint_GivesFalse() =>
        Assert.False(await Store.Endpoints.SetStatusAsync(
            Ids.NewEndpointId(), EndpointStatus.Paused, EndpointStatusReason.ByUser, default));

    [Fact]
    public async Task GetStatesAsync_NoOutcomeYet_IsLeftOut()
    {
        await Store.Endpoints.DeclareAsync([NewEndpoint("warehouse")], 1, default);

        Assert.Empty(await Store.Endpoints.GetStatesAsync([Warehouse, Ids.NewEndpointId()], default));
        Assert.Empty(await Store.Endpoints.GetStatesAsync([], default));
    }

    private static void AssertSame(WebhookEndpoint expected, WebhookEndpoint actual)
    {
        Assert.Equal(expected.EventTypes, actual.EventTypes);
        Assert.Equal(expected with { EventTypes = [] }, actual with { EventTypes = [] });
    }

    private async Task<WebhookEndpoint> ReadAsync(EndpointId id) => Assert.Single(await Store.Endpoints.GetAsync([id], default));

    private async Task AssertStatusAsync(EndpointId id, EndpointStatus status, EndpointStatusReason reason)
    {
        var endpoint = await ReadAsync(id);
        Assert.Equal((status, reason), (endpoint.Status, endpoint.StatusReason));
    }

    private async Task AssertTenantsAsync(string?[] tenants, WebhookEndpoint[] expected) => Assert.Equal(
        expected.Select(endpoint => endpoint.Id).Order(),
        (await Store.Endpoints.GetByTenantsAsync(tenants, default)).Select(endpoint => endpoint.Id).Order());
}
