using Microsoft.Extensions.DependencyInjection;
using WebhookKit.Endpoints;
using WebhookKit.EndToEnd.Tests.Hosting;
using WebhookKit.Testing;

namespace WebhookKit.EndToEnd.Tests.Nodes;

/// <summary>Four dispatchers on one PostgreSQL that share what they know of an endpoint.</summary>
public sealed class EndpointHealthTests(OwnPostgres postgres) : IClassFixture<OwnPostgres>, IAsyncLifetime
{
    private static readonly EndpointRate Rate = EndpointRate.PerSecond(50);

    private readonly List<Shop> _nodes = [];
    private readonly string _secret = WebhookSecret.Generate().Reveal();
    private ScriptedReceiver _receiver = null!;
    private string _database = null!;

    public async Task InitializeAsync()
    {
        _receiver = await ScriptedReceiver.StartAsync();
        _database = await postgres.CreateDatabaseAsync();
    }

    public async Task DisposeAsync()
    {
        foreach (var node in _nodes)
        {
            await node.DisposeAsync();
        }

        await _receiver.DisposeAsync();
    }

    [Fact]
    public async Task Rate_FourNodes_SendNoFasterTogether()
    {
        await StartAsync(EndpointHealthPolicy.Default, Rate);
        var began = TimeProvider.System.GetUtcNow();

        await PublishAsync(120);

        Pace.AssertSlots(Pace.Of(await _receiver.WaitForRequestsAsync(120, TimeSpan.FromMinutes(2))), began, Rate);
    }

    [Fact]
    public async Task Circuit_FourNodes_MakeOneProbeInAll()
    {
        _receiver.DefaultAnswer = ReceiverAnswer.Status(500);
        await StartAsync(new EndpointHealthPolicy { CircuitBreak = TimeSpan.FromSeconds(10) }, rate: null);
        await PublishAsync(40);
        await Eventually.ReadAsync(ReadStateAsync, state => state?.Circuit == EndpointCircuit.Open);
        var release = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);

        // What was in flight when the circuit opened is answered long before its break is over.
        await Eventually.ReadAsync(ReadStateAsync, state => state!.SlowedDownUntil - TimeProvider.System.GetUtcNow() < TimeSpan.FromSeconds(5));
        var before = _receiver.Requests.Count;
        _receiver.DefaultAnswer = ReceiverAnswer.When(release.Task, ReceiverAnswer.Status(200));
        await Eventually.ReadAsync(ReadStateAsync, state => state!.Circuit == EndpointCircuit.HalfOpen);

        // As long as the probe is under way nobody sends anything else: a longer wait would only try harder.
        await _receiver.WaitForRequestsAsync(before + 1);
        await Task.Delay(TimeSpan.FromSeconds(2));
        Assert.Equal(before + 1, _receiver.Requests.Count);

        release.SetResult();
        await Eventually.ReadAsync(ReadStateAsync, state => state!.Circuit == EndpointCircuit.Recovering);
        await _receiver.WaitForRequestsAsync(before + 3);
    }

    private async Task StartAsync(EndpointHealthPolicy policy, EndpointRate? rate)
    {
        for (var node = 0; node < 4; node++)
        {
            _nodes.Add(await Shop.StartAsync(new PostgresStores(_database), [], sender => sender
                .Configure(options => options.EndpointHealth = policy)
                .AddEndpoint("shop", _receiver.Url.ToString(), endpoint =>
                {
                    endpoint.EventTypes.Add("*");
                    endpoint.Rate = rate;
                    endpoint.Secrets.Add(_secret);
                })));
        }
    }

    private async Task PublishAsync(int count)
    {
        for (var order = 0; order < count; order++)
        {
            await _nodes[order % _nodes.Count].Publisher.PublishAsync(new OrderPaid($"A-{order}", 1m));
        }
    }

    private async Task<EndpointState?> ReadStateAsync() =>
        (await _nodes[0].Services.GetRequiredService<IEndpointStore>().GetStatesAsync([EndpointId.Declared(null, "shop")], default)).SingleOrDefault();
}
