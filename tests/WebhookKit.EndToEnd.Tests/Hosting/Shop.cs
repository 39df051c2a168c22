using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using WebhookKit.Deliveries;
using WebhookKit.Endpoints;
using WebhookKit.Outbox;

namespace WebhookKit.EndToEnd.Tests.Hosting;

/// <summary>A sending host.</summary>
internal sealed class Shop(WebApplication app) : TestHost(app)
{
    public IWebhookPublisher Publisher => Services.GetRequiredService<IWebhookPublisher>();

    public static async Task<Shop> StartAsync(HostStores stores, IEnumerable<Target> targets, Action<SenderBuilder>? configure = null)
    {
        var builder = CreateBuilder();
        stores.Use(builder.Services.AddWebhooks().AddSender(targets, configure), "shop");
        var app = builder.Build();
        await stores.CreateAsync(app.Services);
        await app.StartAsync();
        return new Shop(app);
    }

    /// <summary>Runs one unit of work that saves on its own.</summary>
    public Task<T> InDbAsync<T>(Func<HostDb, Task<T>> work) =>
        InScopeAsync(services => work(services.GetRequiredService<HostDb>()));

    public async Task<WebhookMessage> GetMessageAsync(MessageId id) =>
        (await Services.GetRequiredService<IOutboxStore>().GetMessagesAsync([id], default)).Single();

    public async Task<IReadOnlyList<Delivery>> GetDeliveriesAsync(MessageId id) =>
        await Services.GetRequiredService<IDeliveryStore>().GetByMessageAsync(id, default);

    public async Task<IReadOnlyList<Attempt>> GetAttemptsAsync(Delivery delivery) =>
        await Services.GetRequiredService<IDeliveryStore>().GetAttemptsAsync(delivery.Id, default);

    public async Task<WebhookEndpoint> GetEndpointAsync(Target target) =>
        (await Services.GetRequiredService<IEndpointStore>().GetAsync([target.Id], default)).Single();

    /// <summary>Waits until the message's delivery to the target has a final status.</summary>
    public async Task<Delivery> WaitForEndAsync(MessageId id, Target target) =>
        (await WaitForAsync(id, target, delivery => delivery.Status != DeliveryStatus.Pending))!;

    /// <summary>Waits until the message's delivery to the target has been attempted.</summary>
    public Task WaitForAttemptAsync(MessageId id, Target target) => WaitForAsync(id, target, delivery => delivery.Attempts > 0);

    private Task<Delivery?> WaitForAsync(MessageId id, Target target, Predicate<Delivery> isWanted) => Eventually.ReadAsync(
        async () => (await GetDeliveriesAsync(id)).SingleOrDefault(delivery => delivery.EndpointId == target.Id),
        delivery => delivery is not null && isWanted(delivery));
}
