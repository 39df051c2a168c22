using System.Globalization;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using WebhookKit.Deliveries;
using WebhookKit.EndToEnd.Tests.Hosting;
using WebhookKit.Sender.Tests;
using WebhookKit.Testing;

namespace WebhookKit.EndToEnd.Tests.Outages;

/// <summary>A database that refuses the deliveries of one message, by a trigger of its own.</summary>
public abstract class RejectedMessageSuite : IAsyncLifetime
{
    private const string Bad = "bad";

    private readonly RecordingLogger _log = new();
    private readonly string _secret = WebhookSecret.Generate().Reveal();
    private ScriptedReceiver _receiver = null!;

    private Target Target => new("shop", _receiver.Url.ToString(), _secret);

    /// <summary>True for the row of a delivery that is refused.</summary>
    private protected static string IsRefused { get; } = string.Create(
        CultureInfo.InvariantCulture,
        $"NEW.status <> {(int)DeliveryStatus.Skipped} AND EXISTS (SELECT 1 FROM webhook_messages m WHERE m.id = NEW.message_id AND m.idempotency_key = '{Bad}')");

    private protected abstract HostStores Stores { get; }

    private protected abstract string Refuse { get; }

    public virtual async Task InitializeAsync() => _receiver = await ScriptedReceiver.StartAsync();

    public virtual async Task DisposeAsync() => await _receiver.DisposeAsync();

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public async Task FanOut_MessageWithAKeyIsRefused_OthersAreDeliveredInOrderAndItIsSkippedAlone(int nodes)
    {
        await using var publisher = await Shop.StartAsync(Stores, [], sender => sender.DisableDispatcher());
        await publisher.InDbAsync(db => db.Database.ExecuteSqlRawAsync(Refuse));
        var (line, others) = (new List<MessageId>(), new List<MessageId>());
        var bad = await PublishAsync("a", Bad);
        for (var order = 0; order < 10; order++)
        {
            others.Add(await PublishAsync(null));
            line.Add(await PublishAsync("a"));
            others.Add(await PublishAsync("b"));
        }

        var dispatchers = new List<Shop>();
        try
        {
            for (var node = 0; node < nodes; node++)
            {
                dispatchers.Add(await Shop.StartAsync(Stores, [], ToOrderedEndpoint));
            }

            foreach (var id in line.Concat(others))
            {
                Assert.Equal(DeliveryStatus.Succeeded, (await publisher.WaitForEndAsync(id, Target)).Status);
            }

            var skipped = await publisher.WaitForEndAsync(bad, Target);
            Assert.Equal((DeliveryStatus.Skipped, DeliveryStatusReason.FilterFailed), (skipped.Status, skipped.Reason));
            await Eventually.ReadAsync(() => Task.FromResult(_log.Count("MessageSkipped")), count => count > 0);
            Assert.Equal(1, _log.Count("MessageSkipped"));
            Assert.Equal(line, Received().Where(line.Contains));
            Assert.DoesNotContain(bad, Received());
        }
        finally
        {
            foreach (var dispatcher in dispatchers)
            {
                await dispatcher.DisposeAsync();
            }
        }

        ValueTask<MessageId> PublishAsync(string? orderingKey, string? idempotencyKey = null) => publisher.Publisher.PublishAsync(
            new OrderPaid("A-1", 1m), new PublishOptions { OrderingKey = orderingKey, IdempotencyKey = idempotencyKey });
    }

    private IEnumerable<MessageId> Received() => _receiver.Requests.Select(request => MessageId.Parse(request.Headers["webhook-id"].ToString()));

    private void ToOrderedEndpoint(SenderBuilder sender)
    {
        sender.Services.AddLogging(logging => logging.AddProvider(_log));
        sender.AddEndpoint(Target.Name, Target.Url, endpoint =>
        {
            endpoint.EventTypes.Add("*");
            endpoint.Secrets.Add(_secret);
            endpoint.IsOrdered = true;
        });
    }
}

public sealed class SqliteRejectedMessageTests : RejectedMessageSuite
{
    private readonly SqliteStores _stores = new();

    private protected override HostStores Stores => _stores;

    private protected override string Refuse =>
        $"CREATE TRIGGER refuse BEFORE INSERT ON webhook_deliveries WHEN {IsRefused} BEGIN SELECT RAISE(ABORT, 'refused'); END";

    public override async Task DisposeAsync()
    {
        await base.DisposeAsync();
        _stores.Dispose();
    }
}

public sealed class PostgresRejectedMessageTests(OwnPostgres postgres) : RejectedMessageSuite, IClassFixture<OwnPostgres>
{
    private PostgresStores _stores = null!;

    private protected override HostStores Stores => _stores;

    private protected override string Refuse => $$"""
        CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS $refuse$
        BEGIN IF {{IsRefused}} THEN RAISE EXCEPTION 'refused'; END IF; RETURN NEW; END $refuse$;
        CREATE TRIGGER refuse BEFORE INSERT ON webhook_deliveries FOR EACH ROW EXECUTE FUNCTION refuse();
        """;

    public override async Task InitializeAsync()
    {
        await base.InitializeAsync();
        _stores = new PostgresStores(await postgres.CreateDatabaseAsync());
    }
}
