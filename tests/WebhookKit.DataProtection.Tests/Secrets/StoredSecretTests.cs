using Microsoft.AspNetCore.DataProtection;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using WebhookKit.Deliveries;
using WebhookKit.Endpoints;
using WebhookKit.Outbox;
using WebhookKit.Sender.Tests;
using WebhookKit.Testing;
using WebhookKit.Verification;

namespace WebhookKit.DataProtection.Tests.Secrets;

/// <summary>Stored secrets under a real key ring, over processes that come and go.</summary>
public sealed class StoredSecretTests : IAsyncLifetime
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(4);

    private readonly KeyRing _ring = new();
    private readonly RecordingLogger _log = new();
    private readonly List<IHost> _hosts = [];
    private ScriptedReceiver _receiver = null!;

    public async Task InitializeAsync() => _receiver = await ScriptedReceiver.StartAsync();

    public async Task DisposeAsync()
    {
        foreach (var host in _hosts)
        {
            await host.StopAsync();
            host.Dispose();
        }

        await _receiver.DisposeAsync();
        _ring.Dispose();
    }

    [Fact]
    public async Task Send_NewKeyAndRestart_ProtectsAnewAndGoesOnSigning()
    {
        var first = await StartAsync();
        var created = await CreateAsync(first);
        var before = Assert.Single(created.Endpoint!.Secrets).KeyId;
        _ring.AddKey();

        var second = await StartAsync(first);
        await UntilAsync(async () => Assert.Single((await FindAsync(second, created)).Secrets).KeyId != before);
        await PublishAsync(second);

        var request = Assert.Single(await _receiver.WaitForRequestsAsync(1));
        using var verifier = new StandardWebhooksVerifier([WebhookSecret.Parse(created.ReceiverSecret!)], TimeSpan.FromMinutes(5), TimeProvider.System);
        Assert.True((await verifier.VerifyAsync(request.ToWebhookRequest())).IsVerified);
        Assert.Equal("Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ==", request.Headers["Authorization"]);
    }

    [Fact]
    public async Task Send_KeyRingLost_FailsVisiblyIsUnhealthyAndSignsNothing()
    {
        var first = await StartAsync();
        var created = await CreateAsync(first);
        var keyId = Assert.Single(created.Endpoint!.Secrets).KeyId!;
        _ring.Lose();

        var second = await StartAsync(first);
        await UntilAsync(() => Task.FromResult(_log.Count("SecretsUnreadable") == 1));
        var message = await PublishAsync(second);

        var deliveries = second.Services.GetRequiredService<IDeliveryStore>();
        IReadOnlyList<Attempt> attempts = [];
        await UntilAsync(async () =>
        {
            var delivery = (await deliveries.GetByMessageAsync(message, default)).SingleOrDefault();
            attempts = delivery is null ? [] : await deliveries.GetAttemptsAsync(delivery.Id, default);
            return attempts.Count > 0;
        });
        Assert.Equal(AttemptOutcome.SigningFailed, attempts[0].Outcome);
        Assert.Contains($"The key {keyId} that protects the stored secret is missing", attempts[0].Error, StringComparison.Ordinal);
        Assert.Empty(_receiver.Requests);

        var health = (await second.Services.GetRequiredService<HealthCheckService>().CheckHealthAsync()).Entries["webhooks"];
        Assert.Equal(HealthStatus.Unhealthy, health.Status);
        Assert.Contains("Stored secrets cannot be read", health.Description, StringComparison.Ordinal);
        Assert.DoesNotContain(_log.Events, logged => logged.Text.Contains(created.ReceiverSecret![6..], StringComparison.Ordinal));
    }

    private async Task<IHost> StartAsync(IHost? over = null)
    {
        var builder = Host.CreateEmptyApplicationBuilder(null);
        builder.Logging.AddProvider(_log).SetMinimumLevel(LogLevel.Trace);
        builder.Services.AddDataProtection().SetApplicationName("shop").PersistKeysToFileSystem(_ring.Folder);
        builder.Services.AddHealthChecks().AddWebhooks();
        builder.Services.AddWebhooks()
            .AddEventType<Paid>("order.paid")
            .AddSender(sender => sender
                .AddEndpointRegistry()
                .Configure(options => (options.AllowInsecureEndpoints, options.AllowLoopback) = (true, true)))
            .UseInMemoryStore()
            .UseDataProtection();
        if (over is not null)
        {
            await over.StopAsync();
            builder.Services.AddSingleton(over.Services.GetRequiredService<IOutboxStore>());
            builder.Services.AddSingleton(over.Services.GetRequiredService<IDeliveryStore>());
            builder.Services.AddSingleton(over.Services.GetRequiredService<IEndpointStore>());
            builder.Services.AddSingleton(over.Services.GetRequiredService<IEndpointRegistryStore>());
        }

        var host = builder.Build();
        _hosts.Add(host);
        await host.StartAsync();
        return host;
    }

    private async Task<EndpointResult> CreateAsync(IHost host)
    {
        var created = await host.Services.GetRequiredService<IWebhookEndpoints>().CreateAsync(new NewEndpoint
        {
            Settings = new EndpointSettings { Url = _receiver.Url.ToString(), EventTypes = ["*"] },
            Authorization = EndpointAuthorization.Basic("Aladdin", "open sesame"),
        });
        Assert.True(created.IsDone, string.Join(' ', created.Errors));
        return created;
    }

    private static async Task<RegisteredEndpoint> FindAsync(IHost host, EndpointResult created) =>
        (await host.Services.GetRequiredService<IWebhookEndpoints>().FindAsync(created.Endpoint!.Id))!;

    private static ValueTask<MessageId> PublishAsync(IHost host) =>
        host.Services.GetRequiredService<IWebhookPublisher>().PublishAsync(new Paid(1));

    private static async Task UntilAsync(Func<Task<bool>> condition)
    {
        using var patience = new CancellationTokenSource(Patience);
        while (!await condition())
        {
            await Task.Delay(10, patience.Token);
        }
    }

    private sealed record Paid(int Order);
}
