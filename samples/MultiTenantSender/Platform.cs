using Microsoft.AspNetCore.DataProtection;
using Microsoft.EntityFrameworkCore;
using WebhookKit.Deliveries;
using WebhookKit.Retry;

namespace MultiTenantSender;

public sealed record InvoiceDrafted(string Number, decimal Total);

public sealed record InvoicePaid(string Number, decimal Total);

public sealed record UserInvited(string Address);

public sealed class PlatformDb(DbContextOptions<PlatformDb> options) : DbContext(options)
{
    protected override void OnModelCreating(ModelBuilder model) => model.AddWebhooks();
}

/// <summary>The sending host: publishes for its tenants, and keeps their endpoints in its database.</summary>
public sealed class Platform(WebApplication app, Customers customers) : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(100);

    private IWebhookEndpoints Endpoints => app.Services.GetRequiredService<IWebhookEndpoints>();

    private IWebhookPublisher Publisher => app.Services.GetRequiredService<IWebhookPublisher>();

    public static async Task<Platform> StartAsync(StoryFolder folder, Customers customers, string fault)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Logging.ClearProviders();
        builder.Configuration["Webhooks:Sender:Endpoints:operations:Secrets:0"] = customers.NewSecretOf("operations");

        if (fault != "secrets-plain")
        {
            builder.Services.AddDataProtection().SetApplicationName("platform").PersistKeysToFileSystem(folder.Keys);
            builder.Services.AddWebhooks().UseDataProtection();
        }

        builder.Services.AddDbContext<PlatformDb>(options => options.UseSqlite($"Data Source={folder.Database}"));
        builder.Services.AddWebhooks()
            .AddSender(sender => sender
                .AddEventType<InvoiceDrafted>("invoice.drafted")
                .AddEventType<InvoicePaid>("invoice.paid")
                .AddEventType<UserInvited>("user.invited")
                .AddEndpointRegistry(registry => registry.AllowPlaintextSecrets = fault == "secrets-plain")
                .AddEndpoint("operations", customers.UrlOf("operations"), endpoint => endpoint.EventTypes.Add("webhooks.*.*"))
                .OperationalEvents(events =>
                {
                    if (fault != "nobody-told")
                    {
                        events.SendTo("operations");
                    }
                })
                .Configure(options =>
                {
                    // Everything runs on this machine: plain http to a loopback address has to be allowed by name.
                    options.AllowInsecureEndpoints = true;
                    options.AllowLoopback = true;
                    options.RetrySchedule = new RetrySchedule(Enumerable.Repeat(TimeSpan.FromMilliseconds(100), 5));

                    // A receiver that refuses everything would open its circuit; the story about the fault ends sooner without one.
                    options.EndpointHealth = new EndpointHealthPolicy { CircuitMinimumAttempts = fault == "no-overlap" ? 100_000 : 10 };
                }))
            .UseEntityFrameworkCore<PlatformDb>();
        var app = builder.Build();
        await using (var scope = app.Services.CreateAsyncScope())
        {
            await scope.ServiceProvider.GetRequiredService<PlatformDb>().Database.EnsureCreatedAsync();
        }

        await app.StartAsync();
        return new Platform(app, customers);
    }

    /// <summary>What a tenant's administrator does in the platform's settings; the customer's program gets the secret.</summary>
    public async Task<EndpointResult> CreateEndpointAsync(string tenant, string customer, string[] eventTypes, string? filter = null)
    {
        var created = await Endpoints.CreateAsync(new NewEndpoint
        {
            TenantId = tenant,
            Settings = new EndpointSettings { Url = customers.UrlOf(customer), EventTypes = eventTypes, Filter = filter },
        });
        if (created.ReceiverSecret is { } secret)
        {
            customers.TakeOver(customer, secret);
        }

        return created;
    }

    public async Task<EndpointResult> RotateAsync(EndpointId id, TimeSpan overlap) =>
        await Endpoints.RotateSecretAsync(id, new SecretRotation { Overlap = overlap });

    public async Task<RegisteredEndpoint?> FindEndpointAsync(EndpointId id) => await Endpoints.FindAsync(id);

    public async Task<MessageId> PublishAsync<T>(string tenant, T data)
        where T : notnull =>
        await Publisher.PublishAsync(data, new PublishOptions { TenantId = tenant });

    public async Task PublishManyAsync(string tenant, int from, int count)
    {
        for (var number = from; number < from + count; number++)
        {
            await PublishAsync(tenant, new InvoicePaid($"G-{number}", 1m));
        }
    }

    /// <summary>Waits until every message is fanned out and nothing is pending any more.</summary>
    public async Task SettleAsync()
    {
        using var patience = new CancellationTokenSource(Patience);
        while (await CountAsync("SELECT (SELECT count(*) FROM webhook_outbox) + (SELECT count(*) FROM webhook_deliveries WHERE status = 0) AS Value") > 0)
        {
            await Task.Delay(TimeSpan.FromMilliseconds(50), patience.Token);
        }
    }

    public async Task<int> CountSkippedAsync(MessageId id) =>
        (await app.Services.GetRequiredService<IDeliveryStore>().GetByMessageAsync(id, default))
            .Count(delivery => delivery is { Status: DeliveryStatus.Skipped, Reason: DeliveryStatusReason.EndpointDisabled });

    /// <summary>Whether every stored secret is protected, and none of these can be read among them.</summary>
    public async Task<bool> ProtectsAsync(IReadOnlyCollection<string> secrets)
    {
        await using var scope = app.Services.CreateAsyncScope();
        var stored = await scope.ServiceProvider.GetRequiredService<PlatformDb>().Database
            .SqlQueryRaw<string>("SELECT value AS Value FROM webhook_endpoint_secrets").ToListAsync();
        return stored.Count > 0 && stored.All(text => text.StartsWith("whenc_", StringComparison.Ordinal) && !secrets.Any(text.Contains));
    }

    public async ValueTask DisposeAsync()
    {
        await app.StopAsync();
        await app.DisposeAsync();
    }

    private async Task<int> CountAsync(string sql)
    {
        await using var scope = app.Services.CreateAsyncScope();
        return await scope.ServiceProvider.GetRequiredService<PlatformDb>().Database.SqlQueryRaw<int>(sql).SingleAsync();
    }
}
