using System.Security.Cryptography;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Logging;
using Npgsql;
using WebhookKit.Deliveries;
using WebhookKit.EndToEnd.Tests.Hosting;
using WebhookKit.Retry;
using WebhookKit.Sender.Tests;
using WebhookKit.Testing;

namespace WebhookKit.EndToEnd.Tests.Outages;

/// <summary>A PostgreSQL that has no room left on its disk.</summary>
public sealed class FullDiskTests(SmallDiskPostgres postgres) : IClassFixture<SmallDiskPostgres>, IAsyncLifetime
{
    private const int Messages = 100;

    private readonly RecordingLogger _log = new();
    private readonly TaskCompletionSource _answering = new();
    private readonly string _secret = WebhookSecret.Generate().Reveal();
    private ScriptedReceiver _receiver = null!;
    private string _database = null!;

    private Target Target => new("shop", _receiver.Url.ToString(), _secret);

    public async Task InitializeAsync()
    {
        _receiver = await ScriptedReceiver.StartAsync();
        _database = await postgres.CreateDatabaseAsync();

        // Kept with each attempt. Random bytes cannot be compressed; attempts without find room in pages begun before.
        var big = ReceiverAnswer.When(_answering.Task, ReceiverAnswer.Body(RandomNumberGenerator.GetBytes(8 * 1024)));
        var small = ReceiverAnswer.When(_answering.Task, ReceiverAnswer.Status(200));
        _receiver.Answer([ReceiverAnswer.Status(200), .. Enumerable.Range(0, Messages).Select(number => number % 8 == 0 ? small : big)]);
    }

    public async Task DisposeAsync() => await _receiver.DisposeAsync();

    [SmallDiskFact]
    public async Task Disk_FullWhileAttemptsAreInFlight_IsToldOnceAndCaughtUpWithOnceThereIsRoom()
    {
        await using var shop = await StartAsync();
        var first = await shop.Publisher.PublishAsync(new OrderPaid("A", 1m));
        await shop.WaitForEndAsync(first, Target);
        var ids = (await shop.Publisher.PublishManyAsync(Enumerable.Range(0, Messages).Select(order => new OrderPaid($"A-{order}", 1m)))).ToList();
        await _receiver.WaitForRequestsAsync(1 + Messages, TimeSpan.FromMinutes(2));
        await postgres.FillAsync();

        _answering.SetResult();
        await Eventually.ReadAsync(
            () => CheckAsync(shop), entry => entry.Status == HealthStatus.Degraded && entry.Data.ContainsKey("outageStep"));
        var refused = await PublishUntilRefusedAsync(shop, ids);
        Assert.Equal(PostgresErrorCodes.DiskFull, refused.SqlState);
        Assert.Contains((await shop.GetDeliveriesAsync(ids[0])).Concat(await shop.GetDeliveriesAsync(ids[^1])), delivery => delivery.Status == DeliveryStatus.Pending);
        postgres.Free();

        foreach (var id in ids)
        {
            var delivery = await shop.WaitForEndAsync(id, Target);
            Assert.Equal((DeliveryStatus.Succeeded, 1), (delivery.Status, delivery.Attempts));
        }

        await Eventually.ReadAsync(() => CheckAsync(shop), entry => entry.Status == HealthStatus.Healthy);
        Assert.Equal(ids.Prepend(first).Order(), _receiver.Requests.Select(request => MessageId.Parse(request.Headers["webhook-id"].ToString())).Order());
        Assert.Equal((1, 1), (_log.Count("StoreOutageBegan"), _log.Count("StoreOutageEnded")));
        Assert.Equal((0, 0), (_log.Count("CompletionRejected"), _log.Count("MessageRejected")));
    }

    // Some may still fit where there is room in a page.
    private static async Task<PostgresException> PublishUntilRefusedAsync(Shop shop, List<MessageId> ids)
    {
        for (var order = 0; order < 100; order++)
        {
            try
            {
                ids.Add(await shop.Publisher.PublishAsync(new OrderPaid($"B-{order} {Convert.ToBase64String(RandomNumberGenerator.GetBytes(20_000))}", 1m)));
            }
            catch (Exception exception) when (exception.GetBaseException() is PostgresException refused)
            {
                return refused;
            }
        }

        throw new InvalidOperationException("The disk takes everything.");
    }

    private static async Task<HealthReportEntry> CheckAsync(Shop shop) =>
        (await shop.Services.GetRequiredService<HealthCheckService>().CheckHealthAsync()).Entries["webhooks"];

    private Task<Shop> StartAsync() => Shop.StartAsync(new PostgresStores(_database), [Target], sender =>
    {
        sender.Services.AddLogging(logging => logging.AddProvider(_log));
        sender.Services.AddHealthChecks().AddWebhooks();
        sender.Configure(options =>
        {
            options.AttemptTimeout = TimeSpan.FromMinutes(5);
            options.LeaseMargin = TimeSpan.FromMinutes(5);
            options.MaxInFlightPerEndpoint = 4 * Messages;
            options.RetrySchedule = new RetrySchedule(Enumerable.Repeat(TimeSpan.FromMilliseconds(500), 60), jitter: 0);
        });
    });
}
