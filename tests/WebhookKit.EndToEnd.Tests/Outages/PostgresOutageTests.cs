using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Logging;
using Npgsql;
using WebhookKit.Deliveries;
using WebhookKit.Diagnostics;
using WebhookKit.EndToEnd.Tests.Hosting;
using WebhookKit.Retry;
using WebhookKit.Sender.Tests;
using WebhookKit.Testing;

namespace WebhookKit.EndToEnd.Tests.Outages;

/// <summary>A PostgreSQL that is away, crashes, is slow or has no connection left.</summary>
public sealed class PostgresOutageTests(OwnPostgres postgres) : IClassFixture<OwnPostgres>, IAsyncLifetime
{
    private readonly RecordingLogger _log = new();
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

    [Fact]
    public async Task Database_DownWhenTheHostStarts_IsToldOnceAndCaughtUpWith()
    {
        using var proxy = new DatabaseProxy(_database) { IsUp = false };
        await using var shop = await StartAsync(proxy.ConnectionString, direct: _database);
        await using var elsewhere = await Shop.StartAsync(new PostgresStores(_database), [], sender => sender.DisableDispatcher());
        var id = await elsewhere.Publisher.PublishAsync(new OrderPaid("A-1", 1m));
        await Eventually.ReadAsync(() => CheckAsync(shop), entry => entry.Status == HealthStatus.Degraded && entry.Data.ContainsKey("outageStep"));

        proxy.IsUp = true;

        Assert.Equal(DeliveryStatus.Succeeded, (await elsewhere.WaitForEndAsync(id, Target)).Status);
        await Eventually.ReadAsync(() => CheckAsync(shop), entry => entry.Status == HealthStatus.Healthy);
        Assert.Equal((1, 1), (_log.Count("StoreOutageBegan"), _log.Count("StoreOutageEnded")));
    }

    [Fact]
    public async Task Database_CrashesUnderLoad_LosesNothingAndIsCaughtUpWith()
    {
        const int Messages = 300;
        _receiver.DefaultAnswer = ReceiverAnswer.After(TimeSpan.FromMilliseconds(50), ReceiverAnswer.Status(200));
        await using var shop = await StartAsync(_database);
        var ids = await shop.Publisher.PublishManyAsync(Enumerable.Range(0, Messages).Select(order => new OrderPaid($"A-{order}", 1m)));
        await _receiver.WaitForRequestsAsync(50, TimeSpan.FromMinutes(2));

        await postgres.CrashAsync();
        await Eventually.ReadAsync(() => Task.FromResult(_log.Count("StoreOutageBegan")), outages => outages > 0);

        foreach (var id in ids)
        {
            Assert.Equal(DeliveryStatus.Succeeded, (await shop.WaitForEndAsync(id, Target)).Status);
        }

        Assert.Equal(Messages, _receiver.Requests.Select(request => request.Headers["webhook-id"].ToString()).Distinct().Count());
        await Eventually.ReadAsync(() => CheckAsync(shop), entry => entry.Status == HealthStatus.Healthy);
        Assert.Equal(_log.Count("StoreOutageBegan"), _log.Count("StoreOutageEnded"));
    }

    [Fact]
    public async Task Database_Slow_LosesNoLeaseAndSendsNothingTwice()
    {
        const int Messages = 40;
        using var proxy = new DatabaseProxy(_database) { Delay = TimeSpan.FromMilliseconds(50) };
        await using var shop = await StartAsync(proxy.ConnectionString, direct: _database);
        var ids = await shop.Publisher.PublishManyAsync(Enumerable.Range(0, Messages).Select(order => new OrderPaid($"A-{order}", 1m)));

        await using var elsewhere = await Shop.StartAsync(new PostgresStores(_database), [], sender => sender.DisableDispatcher());
        foreach (var id in ids)
        {
            Assert.Equal(DeliveryStatus.Succeeded, (await elsewhere.WaitForEndAsync(id, Target)).Status);
        }

        Assert.Equal(Messages, _receiver.Requests.Count);
        Assert.Equal((0, 0, 0), (_log.Count("StoreOutageBegan"), _log.Count("CompletionsLost"), _log.Count("CompletionsLate")));
    }

    [Fact]
    public async Task ConnectionPool_HeldByTheHost_IsToldAndSurvived()
    {
        var pooled = new NpgsqlConnectionStringBuilder(_database) { MaxPoolSize = 2, Timeout = 5 }.ConnectionString;
        await using var shop = await StartAsync(pooled);
        await Eventually.ReadAsync(() => CheckAsync(shop), entry => entry.Status == HealthStatus.Healthy);
        await using (var one = new NpgsqlConnection(pooled))
        await using (var other = new NpgsqlConnection(pooled))
        {
            await one.OpenAsync();
            await other.OpenAsync();
            await Eventually.ReadAsync(() => CheckAsync(shop), entry => entry.Data.ContainsKey("outageStep"));
        }

        var id = await shop.Publisher.PublishAsync(new OrderPaid("A-1", 1m));

        Assert.Equal(DeliveryStatus.Succeeded, (await shop.WaitForEndAsync(id, Target)).Status);
        await Eventually.ReadAsync(() => CheckAsync(shop), entry => entry.Status == HealthStatus.Healthy);
        Assert.Equal(_log.Count("StoreOutageBegan"), _log.Count("StoreOutageEnded"));
    }

    [Fact]
    public async Task RollingRestart_WorkInFlight_IsTakenOverWithoutWaitingForItsLease()
    {
        const int Messages = 40;
        static void Configure(SenderBuilder sender) => sender.Configure(options =>
        {
            options.AttemptTimeout = TimeSpan.FromMinutes(5);
            options.LeaseMargin = TimeSpan.FromMinutes(5);
            options.ShutdownTimeout = TimeSpan.FromMilliseconds(500);
            options.MaxInFlightPerEndpoint = 4 * Messages;
        });
        _receiver.DefaultAnswer = ReceiverAnswer.Hang();
        var old = await StartAsync(_database, configure: Configure);
        var ids = await old.Publisher.PublishManyAsync(Enumerable.Range(0, Messages).Select(order => new OrderPaid($"A-{order}", 1m)));
        await _receiver.WaitForRequestsAsync(Messages, TimeSpan.FromMinutes(2));
        await using var next = await StartAsync(_database, configure: Configure);

        _receiver.DefaultAnswer = ReceiverAnswer.Status(200);
        await old.DisposeAsync();

        foreach (var id in ids)
        {
            Assert.Equal(DeliveryStatus.Succeeded, (await next.WaitForEndAsync(id, Target)).Status);
        }

        Assert.Equal(2 * Messages, _receiver.Requests.Count);
    }

    [Fact]
    public async Task ForgottenTransaction_ShowsItsAgeInHealth()
    {
        await using var shop = await StartAsync(_database, healthOptions: options => options.DegradedSnapshotAge = TimeSpan.FromSeconds(1));
        await using (var forgotten = new NpgsqlConnection(_database))
        {
            await forgotten.OpenAsync();
            await using var begin = new NpgsqlCommand("BEGIN ISOLATION LEVEL REPEATABLE READ; SELECT count(*) FROM webhook_messages", forgotten);
            await begin.ExecuteNonQueryAsync();

            // The age grows and is told rounded: at the bound itself it may read 1.
            var entry = await Eventually.ReadAsync(() => CheckAsync(shop), entry =>
                entry.Status == HealthStatus.Degraded && (double)entry.Data["oldestSnapshotSeconds"] > 1);
            Assert.Contains("transaction", entry.Description, StringComparison.Ordinal);
        }

        await Eventually.ReadAsync(() => CheckAsync(shop), entry => entry.Status == HealthStatus.Healthy);
        Assert.True(await shop.Services.GetRequiredService<IStoreDiagnostics>().GetOldestSnapshotAgeAsync(default) < TimeSpan.FromSeconds(1));
    }

    private static async Task<HealthReportEntry> CheckAsync(Shop shop) =>
        (await shop.Services.GetRequiredService<HealthCheckService>().CheckHealthAsync()).Entries["webhooks"];

    private Task<Shop> StartAsync(
        string connectionString,
        string? direct = null,
        Action<SenderBuilder>? configure = null,
        Action<WebhooksHealthOptions>? healthOptions = null) =>
        Shop.StartAsync(new PostgresStores(connectionString, direct), [Target], sender =>
        {
            sender.Services.AddLogging(logging => logging.AddProvider(_log));
            sender.Services.AddHealthChecks().AddWebhooks(configure: healthOptions);
            sender.Configure(options => options.RetrySchedule = new RetrySchedule(Enumerable.Repeat(TimeSpan.FromMilliseconds(500), 60), jitter: 0));
            configure?.Invoke(sender);
        });
}
