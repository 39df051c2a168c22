using Microsoft.EntityFrameworkCore;

namespace QuickStart;

#region event
public sealed record OrderPaid(string Order, decimal Total);
#endregion

public sealed class Order
{
    public required string Id { get; init; }

    public decimal Total { get; init; }
}

#region context
public sealed class ShopDb(DbContextOptions<ShopDb> options) : DbContext(options)
{
    public DbSet<Order> Orders => Set<Order>();

    protected override void OnModelCreating(ModelBuilder model) => model.AddWebhooks();
}
#endregion

/// <summary>The sending host: takes orders, and tells the warehouse about them.</summary>
public sealed class Shop(WebApplication app, Fault fault) : IAsyncDisposable
{
    public string Url => app.Urls.Single();

    public static async Task<Shop> StartAsync(string file, string warehouseUrl, string secret, Fault fault)
    {
        var builder = SampleHost.CreateBuilder(SampleHost.FreeUrl());
        builder.Configuration["Webhooks:Sender:Endpoints:warehouse:Secrets:0"] = secret;

        #region sender
        builder.Services.AddDbContext<ShopDb>(options => options.UseSqlite($"Data Source={file}"));
        builder.Services.AddWebhooks()
            .AddSender(sender => sender
                .AddEventType<OrderPaid>("order.paid")
                .AddEndpoint("warehouse", $"{warehouseUrl}/webhooks/shop", endpoint => endpoint.EventTypes.Add("order.*"))
                .Configure(options =>
                {
                    // Both hosts run on this machine: plain http to a loopback address has to be allowed by name.
                    options.AllowInsecureEndpoints = true;
                    options.AllowLoopback = true;
                }))
            .UseEntityFrameworkCore<ShopDb>();
        #endregion

        // A retry schedule for a story that is told in seconds; the default one takes three days.
        builder.Services.AddWebhooks().AddSender(sender => sender
            .Configure(options => options.RetrySchedule = new RetrySchedule(Enumerable.Repeat(TimeSpan.FromSeconds(1), 15)))
            .With(fault));
        var app = builder.Build();
        await SampleHost.CreateDatabaseAsync<ShopDb>(app);
        var shop = new Shop(app, fault);
        app.MapPost("/orders/{id}", async (string id, decimal total) => $"{await shop.PlaceOrderAsync(id, total)}\n");
        await app.StartAsync();
        return shop;
    }

    public async Task<MessageId> PlaceOrderAsync(string id, decimal total)
    {
        await using var scope = app.Services.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<ShopDb>();

        #region publish
        var order = new Order { Id = id, Total = total };
        db.Orders.Add(order);
        var messageId = db.PublishWebhook(new OrderPaid(order.Id, order.Total));
        await db.SaveChangesAsync();
        #endregion

        return messageId;
    }

    public async Task PlaceAndRollBackOrderAsync(string id, decimal total)
    {
        await using var scope = app.Services.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<ShopDb>();
        await using var transaction = await db.Database.BeginTransactionAsync();
        db.Orders.Add(new Order { Id = id, Total = total });
        db.PublishWebhook(new OrderPaid(id, total));
        await db.SaveChangesAsync();
        await (fault == Fault.RollbackSent ? transaction.CommitAsync() : transaction.RollbackAsync());
    }

    public Task<int> CountOrdersAsync() => ReadAsync(services =>
        services.GetRequiredService<ShopDb>().Orders.CountAsync());

    public Task<int> CountMessagesAsync() => ReadAsync(services =>
        services.GetRequiredService<ShopDb>().Database
            .SqlQuery<int>($"SELECT count(*) AS Value FROM webhook_messages").SingleAsync());

    public Task<byte[]> GetPayloadAsync(MessageId id) => ReadAsync(async services =>
        (await services.GetRequiredService<IOutboxStore>().GetMessagesAsync([id], default)).Single().Payload.ToArray());

    /// <summary>Waits until the delivery of a message has been attempted so often, and reads that attempt.</summary>
    public Task<Attempt?> WaitForAttemptAsync(MessageId id, int number) => Eventually.ReadAsync(async () =>
        await ReadDeliveryAsync(id) is { } delivery
            ? (await Deliveries.GetAttemptsAsync(delivery.Id, default)).FirstOrDefault(attempt => attempt.Number == number)
            : null);

    /// <summary>Waits until the delivery of a message has a final status, and reads it.</summary>
    public Task<Delivery?> WaitForDeliveryAsync(MessageId id) => Eventually.ReadAsync(async () =>
        await ReadDeliveryAsync(id) is { Status: not DeliveryStatus.Pending } delivery ? delivery : null);

    public async ValueTask DisposeAsync()
    {
        await app.StopAsync();
        await app.DisposeAsync();
    }

    private IDeliveryStore Deliveries => app.Services.GetRequiredService<IDeliveryStore>();

    private async Task<Delivery?> ReadDeliveryAsync(MessageId id) =>
        (await Deliveries.GetByMessageAsync(id, default)).SingleOrDefault();

    private async Task<T> ReadAsync<T>(Func<IServiceProvider, Task<T>> read)
    {
        await using var scope = app.Services.CreateAsyncScope();
        return await read(scope.ServiceProvider);
    }
}
