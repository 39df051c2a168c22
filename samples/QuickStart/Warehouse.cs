using Microsoft.EntityFrameworkCore;

namespace QuickStart;

public sealed class Parcel
{
    public int Id { get; init; }

    public required string Order { get; init; }

    public required byte[] Payload { get; init; }
}

public sealed class WarehouseDb(DbContextOptions<WarehouseDb> options) : DbContext(options)
{
    public DbSet<Parcel> Parcels => Set<Parcel>();

    protected override void OnModelCreating(ModelBuilder model) => model.AddWebhooks();
}

#region handler
public sealed class OrderPaidHandler(WarehouseDb db) : IWebhookHandler<OrderPaid>
{
    public Task HandleAsync(ReceivedWebhook<OrderPaid> webhook, CancellationToken cancellationToken)
    {
        // Saved and committed together with the claim: a duplicate never gets here, a failure leaves no trace.
        db.Parcels.Add(new Parcel { Order = webhook.Data.Order, Payload = webhook.Payload.ToArray() });
        return Task.CompletedTask;
    }
}
#endregion

/// <summary>The receiving host: packs a parcel for every paid order.</summary>
public sealed class Warehouse(WebApplication app) : IAsyncDisposable
{
    public string Url => app.Urls.Single();

    public string WebhookUrl => $"{Url}/webhooks/shop";

    public static async Task<Warehouse> StartAsync(string file, string url, string secret, Fault fault)
    {
        var builder = SampleHost.CreateBuilder(url);
        builder.Configuration["Webhooks:Receiver:Sources:shop:Secrets:0"] = secret;

        #region receiver
        builder.Services.AddDbContext<WarehouseDb>(options => options.UseSqlite($"Data Source={file}"));
        builder.Services.AddWebhooks()
            .AddReceiver(receiver => receiver
                .AddSource("shop", WebhookProviders.StandardWebhooks, source => source
                    .On<OrderPaid, OrderPaidHandler>("order.paid")))
            .UseEntityFrameworkCore<WarehouseDb>();
        #endregion

        builder.Services.With(fault);
        var app = builder.Build();
        await SampleHost.CreateDatabaseAsync<WarehouseDb>(app);
        app.With(fault, secret);

        #region map
        app.MapWebhookReceiver();
        #endregion

        var warehouse = new Warehouse(app);
        app.MapGet("/parcels", async () => (await warehouse.GetParcelsAsync()).Select(parcel => parcel.Order));
        await app.StartAsync();
        return warehouse;
    }

    public async Task<List<Parcel>> GetParcelsAsync()
    {
        await using var scope = app.Services.CreateAsyncScope();
        return await scope.ServiceProvider.GetRequiredService<WarehouseDb>().Parcels
            .AsNoTracking().OrderBy(parcel => parcel.Id).ToListAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await app.StopAsync();
        await app.DisposeAsync();
    }
}
