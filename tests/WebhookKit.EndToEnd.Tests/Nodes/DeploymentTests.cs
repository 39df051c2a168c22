using Microsoft.Extensions.DependencyInjection;
using WebhookKit.Deliveries;
using WebhookKit.Endpoints;
using WebhookKit.EndToEnd.Tests.Hosting;
using WebhookKit.Testing;

namespace WebhookKit.EndToEnd.Tests.Nodes;

/// <summary>Two versions of a host on one PostgreSQL, as while a deployment rolls on.</summary>
public sealed class DeploymentTests(OwnPostgres postgres) : IClassFixture<OwnPostgres>, IAsyncLifetime
{
    private readonly string _secret = WebhookSecret.Generate().Reveal();
    private ScriptedReceiver _before = null!;
    private ScriptedReceiver _after = null!;
    private string _database = null!;

    public async Task InitializeAsync()
    {
        _before = await ScriptedReceiver.StartAsync();
        _after = await ScriptedReceiver.StartAsync();
        _database = await postgres.CreateDatabaseAsync();
    }

    public async Task DisposeAsync()
    {
        await _before.DisposeAsync();
        await _after.DisposeAsync();
    }

    [Fact]
    public async Task Declarations_OldVersionsRunAndRestartBesideTheNewOne_StayTheNewOnes()
    {
        await using var old = await StartOldAsync();
        await DeclaredAsync(old, ("kept", _before, EndpointStatus.Enabled), ("dropped", _before, EndpointStatus.Enabled));
        await using var next = await StartNewAsync();
        await DeclaredAsync(
            next, ("kept", _after, EndpointStatus.Enabled), ("dropped", _before, EndpointStatus.Disabled), ("added", _after, EndpointStatus.Enabled));

        await using (var restarted = await StartOldAsync())
        {
            foreach (var shop in new[] { old, next, restarted, old, next, restarted })
            {
                var id = await shop.Publisher.PublishAsync(new OrderPaid("A", 1m));
                Assert.Equal(DeliveryStatus.Succeeded, (await next.WaitForEndAsync(id, At("kept", _after))).Status);
                Assert.Equal(DeliveryStatus.Succeeded, (await next.WaitForEndAsync(id, At("added", _after))).Status);
                var dropped = (await next.GetDeliveriesAsync(id)).Single(delivery => delivery.EndpointId == At("dropped", _before).Id);
                Assert.Equal((DeliveryStatus.Skipped, DeliveryStatusReason.EndpointDisabled), (dropped.Status, dropped.Reason));
                await DeclaredAsync(
                    shop, ("kept", _after, EndpointStatus.Enabled), ("dropped", _before, EndpointStatus.Disabled), ("added", _after, EndpointStatus.Enabled));
            }
        }

        Assert.Empty(_before.Requests);
    }

    [Fact]
    public async Task Work_OldVersionStopsWithAttemptsInFlight_IsHandedToTheNewOne()
    {
        const int Messages = 20;
        _before.DefaultAnswer = ReceiverAnswer.Hang();
        var old = await StartOldAsync();
        var ids = await old.Publisher.PublishManyAsync(Enumerable.Range(0, Messages).Select(order => new OrderPaid($"A-{order}", 1m)));
        await _before.WaitForRequestsAsync(1, TimeSpan.FromMinutes(2));
        await using var next = await StartNewAsync();

        // Their leases last for minutes: what is not handed over is not sent in time.
        await old.DisposeAsync();

        foreach (var id in ids)
        {
            Assert.Equal(DeliveryStatus.Succeeded, (await next.WaitForEndAsync(id, At("kept", _after))).Status);
        }
    }

    private Target At(string name, ScriptedReceiver receiver) => new(name, receiver.Url.ToString(), _secret);

    private Task<Shop> StartOldAsync() => StartAsync(1, At("kept", _before), At("dropped", _before));

    private Task<Shop> StartNewAsync() => StartAsync(2, At("kept", _after), At("added", _after));

    private Task<Shop> StartAsync(long version, params Target[] targets) =>
        Shop.StartAsync(new PostgresStores(_database), targets, sender => sender.Configure(options =>
        {
            options.DeploymentVersion = version;
            options.AttemptTimeout = TimeSpan.FromMinutes(5);
            options.LeaseMargin = TimeSpan.FromMinutes(5);
            options.ShutdownTimeout = TimeSpan.FromMilliseconds(500);
        }));

    private static Task DeclaredAsync(Shop shop, params (string Name, ScriptedReceiver Receiver, EndpointStatus Status)[] expected) =>
        Eventually.ReadAsync(
            async () => string.Join(", ", (await shop.Services.GetRequiredService<IEndpointStore>().GetByTenantsAsync([null], default))
                .OrderBy(endpoint => endpoint.Name, StringComparer.Ordinal)
                .Select(endpoint => $"{endpoint.Name} {endpoint.Url} {endpoint.Status}")),
            found => found == string.Join(", ", expected.OrderBy(endpoint => endpoint.Name, StringComparer.Ordinal)
                .Select(endpoint => $"{endpoint.Name} {endpoint.Receiver.Url} {endpoint.Status}")));
}
