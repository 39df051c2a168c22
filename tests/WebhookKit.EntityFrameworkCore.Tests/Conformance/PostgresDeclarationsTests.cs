using WebhookKit.Endpoints;
using WebhookKit.EntityFrameworkCore.Endpoints;

namespace WebhookKit.EntityFrameworkCore.Tests.Conformance;

/// <summary>Two deployments that declare other endpoints at the same time.</summary>
public sealed class PostgresDeclarationsTests : IAsyncLifetime
{
    private PostgresNodes _nodes = null!;

    public async Task InitializeAsync() => _nodes = await PostgresNodes.CreateAsync();

    public async Task DisposeAsync() => await _nodes.DisposeAsync();

    [Theory]
    [InlineData(1, 2)]
    [InlineData(2, 1)]
    [InlineData(1, 1)]
    public async Task Declare_TogetherOnAnEmptyTable_LeavesTheNewestDeploymentAlone(long first, long second)
    {
        var held = await _nodes.First.LockEndpointStatesAsync();
        var both = Task.WhenAll(
            _nodes.First.Endpoints.DeclareAsync([NewEndpoint("one")], first, default).AsTask(),
            _nodes.Second.Endpoints.DeclareAsync([NewEndpoint("two")], second, default).AsTask());
        await _nodes.First.WaitUntilBlockedAsync(transactions: 2);

        await held.DisposeAsync();
        await both.WaitAsync(PostgresNodes.Patience);

        var endpoints = await _nodes.First.Endpoints.GetByTenantsAsync([null], default);
        Assert.Equal(2, endpoints.Count);
        var enabled = Assert.Single(endpoints, endpoint => endpoint.Status == EndpointStatus.Enabled);
        Assert.Single(endpoints, endpoint => endpoint.StatusReason == EndpointStatusReason.NotDeclared);
        if (first != second)
        {
            Assert.Equal(first > second ? "one" : "two", enabled.Name);
        }

        // The older one starts again: nothing flips.
        await _nodes.Second.Endpoints.DeclareAsync([NewEndpoint("older")], Math.Min(first, second) - 1, default);
        Assert.Equal(endpoints, await _nodes.First.Endpoints.GetByTenantsAsync([null], default), SameStatus);
    }

    [Fact]
    public async Task Declare_AnotherCommitsAfterTheRowsWereRead_LeavesItToItsOwnSecondLook()
    {
        await _nodes.First.Endpoints.DeclareAsync([NewEndpoint("one")], 2, default);
        // An older deployment's rows turn up between reading the declared ones and marking them.
        var two = EndpointId.Declared(null, "two").Value;
        await _nodes.First.ExecuteAsync($"""
            CREATE FUNCTION declare_two() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
              INSERT INTO webhook_endpoints SELECT copy.* FROM webhook_endpoints one,
                jsonb_populate_record(one, jsonb_build_object('id', '{two}', 'name', 'two', 'deployment', 1)) copy WHERE one.name = 'one';
              INSERT INTO webhook_endpoint_state SELECT copy.* FROM webhook_endpoint_state one,
                jsonb_populate_record(one, jsonb_build_object('endpoint_id', '{two}')) copy;
              RETURN NULL;
            END $$;
            CREATE TRIGGER declare_two AFTER UPDATE OF url ON webhook_endpoints FOR EACH STATEMENT EXECUTE FUNCTION declare_two();
            """);
        await _nodes.First.Endpoints.DeclareAsync([NewEndpoint("one")], 2, default);
        Assert.Equal(2, await _nodes.First.CountAsync<EndpointEntity>());

        await _nodes.Second.Endpoints.DeclareAsync([NewEndpoint("two")], 1, default);

        var endpoints = await _nodes.First.Endpoints.GetByTenantsAsync([null], default);
        Assert.Equal("one", Assert.Single(endpoints, endpoint => endpoint.Status == EndpointStatus.Enabled).Name);
        Assert.Equal(EndpointStatusReason.NotDeclared, endpoints.Single(endpoint => endpoint.Name == "two").StatusReason);
    }

    private static bool SameStatus(WebhookEndpoint one, WebhookEndpoint other) =>
        (one.Id, one.Status, one.StatusReason) == (other.Id, other.Status, other.StatusReason);

    private static WebhookEndpoint NewEndpoint(string name) => new()
    {
        Id = EndpointId.Declared(null, name),
        Name = name,
        Url = $"https://{name}.example",
        EventTypes = ["*"],
    };
}
