using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using WebhookKit.Deliveries;
using WebhookKit.Diagnostics;
using WebhookKit.Dispatch;
using WebhookKit.Testing;
using static WebhookKit.Sender.Tests.SenderHarness;

namespace WebhookKit.Sender.Tests.Health;

public sealed class WebhooksHealthCheckTests
{
    private readonly FakeTimeProvider _clock = new();
    private readonly ServiceCollection _services = new();
    private readonly Lazy<ServiceProvider> _provider;

    public WebhooksHealthCheckTests()
    {
        _services.AddSingleton<TimeProvider>(_clock).AddLogging();
        _services.AddWebhooks().AddSender().UseInMemoryStore();
        _services.AddHealthChecks().AddWebhooks();
        _provider = new Lazy<ServiceProvider>(() => _services.BuildServiceProvider());
    }

    private DispatchStatus Status => _provider.Value.GetRequiredService<DispatchStatus>();

    [Fact]
    public async Task Check_Running_IsHealthyAndShowsItsFigures()
    {
        Status.Began();
        Status.Swept(TimeSpan.FromSeconds(90));
        _clock.Advance(TimeSpan.FromSeconds(2));

        var entry = await CheckAsync();

        Assert.Equal((HealthStatus.Healthy, null), (entry.Status, entry.Description));
        Assert.Equal(("running", 2.0, 90.0), (entry.Data["dispatcher"], entry.Data["lastRoundSeconds"], entry.Data["oldestDueSeconds"]));
    }

    [Fact]
    public async Task Check_NotStartedOrStopped_IsUnhealthy()
    {
        Assert.Equal(HealthStatus.Unhealthy, (await CheckAsync()).Status);

        Status.Began();
        Status.Stopped();
        Assert.Equal(HealthStatus.Unhealthy, (await CheckAsync()).Status);
    }

    [Fact]
    public async Task Check_DispatcherDisabled_IsHealthy()
    {
        _services.AddWebhooks().AddSender(sender => sender.DisableDispatcher());

        var entry = await CheckAsync();

        Assert.Equal((HealthStatus.Healthy, "disabled"), (entry.Status, entry.Data["dispatcher"]));
    }

    [Theory]
    [InlineData(10, HealthStatus.Degraded)]
    [InlineData(61, HealthStatus.Unhealthy)]
    public async Task Check_StoreOutage_IsDegradedThenUnhealthyAndSaysSinceWhenAndWhere(int seconds, HealthStatus expected)
    {
        Status.Began();
        Status.OutageBegan("lease");
        _clock.Advance(TimeSpan.FromSeconds(seconds));
        Status.RoundEnded();

        var entry = await CheckAsync();

        Assert.Equal(expected, entry.Status);
        Assert.Equal(("lease", (double)seconds), (entry.Data["outageStep"], entry.Data["outageSeconds"]));
        Assert.Contains("2026-01-01T00:00:00", entry.Description, StringComparison.Ordinal);

        Status.OutageEnded();
        Assert.Equal(HealthStatus.Healthy, (await CheckAsync()).Status);
    }

    [Fact]
    public async Task Check_RoundTakesTooLong_IsUnhealthy()
    {
        Status.Began();
        _clock.Advance(TimeSpan.FromSeconds(61));

        Assert.Equal(HealthStatus.Unhealthy, (await CheckAsync()).Status);
    }

    [Theory]
    [InlineData(0, HealthStatus.Healthy)]
    [InlineData(301, HealthStatus.Degraded)]
    [InlineData(3_601, HealthStatus.Unhealthy)]
    public async Task Check_OldSnapshot_IsDegradedThenUnhealthy(int seconds, HealthStatus expected)
    {
        _services.AddSingleton<IStoreDiagnostics>(new Diagnostics(() => TimeSpan.FromSeconds(seconds)));
        Status.Began();

        var entry = await CheckAsync();

        Assert.Equal((expected, (double)seconds), (entry.Status, entry.Data["oldestSnapshotSeconds"]));
    }

    [Fact]
    public async Task Check_StoreDoesNotAnswer_IsDegradedWithoutItsMessage()
    {
        _services.AddSingleton<IStoreDiagnostics>(new Diagnostics(() => throw new TimeoutException("Password=hunter2")));
        Status.Began();

        var entry = await CheckAsync();

        Assert.Equal((HealthStatus.Degraded, "The store does not answer: TimeoutException."), (entry.Status, entry.Description));
    }

    [Fact]
    public async Task Check_ThresholdsAndFailureStatusOfTheHost_AreUsed()
    {
        _services.AddHealthChecks().AddWebhooks(
            "strict", HealthStatus.Degraded, configure: options => options.UnhealthyRoundAge = TimeSpan.FromSeconds(1));
        Status.Began();
        _clock.Advance(TimeSpan.FromSeconds(2));

        Assert.Equal((HealthStatus.Degraded, HealthStatus.Healthy), ((await CheckAsync("strict")).Status, (await CheckAsync()).Status));
    }

    [Fact]
    public async Task Check_RealHost_ShowsOutageAndRecovery()
    {
        var isAway = false;
        var store = new StoreProbe
        {
            Before = (method, _) => isAway && method != "AppendAsync"
                ? throw new InvalidOperationException("the database is down")
                : Task.CompletedTask,
        };
        await using var receiver = await ScriptedReceiver.StartAsync();
        await using var sender = await StartAsync(
            builder =>
            {
                To(receiver)(builder);
                builder.Services.AddHealthChecks().AddWebhooks();
            },
            store: store);
        await UntilAsync(async () => (await sender.CheckHealthAsync()).Status == HealthStatus.Healthy, "healthy");

        isAway = true;
        await UntilAsync(async () => (await sender.CheckHealthAsync()).Status == HealthStatus.Degraded, "degraded");
        isAway = false;

        await UntilAsync(async () => (await sender.CheckHealthAsync()).Status == HealthStatus.Healthy, "healthy again");
        await sender.WaitForAsync(await sender.PublishAsync(), DeliveryStatus.Succeeded);
        Assert.Equal((1, 1), (sender.Log.Count("StoreOutageBegan"), sender.Log.Count("StoreOutageEnded")));
    }

    private async Task<HealthReportEntry> CheckAsync(string name = "webhooks") =>
        (await _provider.Value.GetRequiredService<HealthCheckService>().CheckHealthAsync()).Entries[name];

    private sealed class Diagnostics(Func<TimeSpan> age) : IStoreDiagnostics
    {
        public ValueTask<TimeSpan?> GetOldestSnapshotAgeAsync(CancellationToken cancellationToken) => ValueTask.FromResult<TimeSpan?>(age());
    }
}
