using Microsoft.Extensions.DependencyInjection;
using WebhookKit.Deliveries;
using WebhookKit.Endpoints;
using WebhookKit.EndToEnd.Tests.Hosting;
using WebhookKit.Testing;

namespace WebhookKit.EndToEnd.Tests.Nodes;

/// <summary>Nodes on one PostgreSQL whose clocks disagree.</summary>
public sealed class ClockTests(OwnPostgres postgres) : IClassFixture<OwnPostgres>, IAsyncLifetime
{
    // Asked for in whole seconds, and counted from when the answer was written to when the next request arrives.
    private static readonly TimeSpan SlowDown = TimeSpan.FromSeconds(2);

    private readonly string _secret = WebhookSecret.Generate().Reveal();
    private ScriptedReceiver _receiver = null!;
    private string _database = null!;

    private Target Target => new("shop", _receiver.Url.ToString(), _secret);

    public async Task InitializeAsync()
    {
        _receiver = await ScriptedReceiver.StartAsync();
        _database = await postgres.CreateDatabaseAsync();
    }

    public async Task DisposeAsync() => await _receiver.DisposeAsync();

    [Theory]
    [InlineData(1)]
    [InlineData(-1)]
    public async Task SlowDown_NodesWhoseClocksDisagree_LastsAsLongAsWasAskedForOnBoth(int hoursAhead)
    {
        _receiver.Answer(ReceiverAnswer.Status(429, ("Retry-After", $"{SlowDown.TotalSeconds}")));
        await using var one = await StartAsync(TimeSpan.FromHours(hoursAhead));
        await using var other = await StartAsync(TimeSpan.FromHours(-hoursAhead));
        var first = await one.Publisher.PublishAsync(new OrderPaid("A-1", 1m));
        await Eventually.ReadAsync(
            async () => (await other.Services.GetRequiredService<IEndpointStore>().GetStatesAsync([Target.Id], default)).SingleOrDefault(),
            state => state?.SlowedDownUntil is not null);

        var second = await other.Publisher.PublishAsync(new OrderPaid("A-2", 1m));
        foreach (var id in new[] { first, second })
        {
            Assert.Equal(DeliveryStatus.Succeeded, (await other.WaitForEndAsync(id, Target)).Status);
        }

        var arrivals = _receiver.Requests.Select(request => request.ArrivedAt).ToArray();
        Assert.Equal(3, arrivals.Length);
        Assert.All(arrivals[1..], arrival => Assert.True(arrival - arrivals[0] >= SlowDown, $"A request came after {arrival - arrivals[0]}."));
    }

    private Task<Shop> StartAsync(TimeSpan ahead) => Shop.StartAsync(new PostgresStores(_database), [Target], sender =>
        sender.Services.AddSingleton<TimeProvider>(new ShiftedTime(ahead)));
}
