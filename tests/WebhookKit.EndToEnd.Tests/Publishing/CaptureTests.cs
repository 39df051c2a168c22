using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using WebhookKit.Deliveries;
using WebhookKit.EndToEnd.Tests.Hosting;
using WebhookKit.Outbox;

namespace WebhookKit.EndToEnd.Tests.Publishing;

public sealed class CaptureTests : IDisposable
{
    private readonly SqliteStores _stores = new();
    private readonly string _secret = WebhookSecret.Generate().Reveal();

    public void Dispose() => _stores.Dispose();

    [Fact]
    public async Task PublishWebhook_WithTheOrder_CommitsBothOrNeither()
    {
        await using var warehouse = await Warehouse.StartAsync(_stores, _secret);
        var target = warehouse.TargetAt("shop", _secret);
        await using var shop = await Shop.StartAsync(_stores, [target]);

        var rolledBack = await shop.InDbAsync(async db =>
        {
            await using var transaction = await db.Database.BeginTransactionAsync();
            var id = await SaveAsync(db, "A-1");
            await transaction.RollbackAsync();
            return id;
        });
        var committed = await shop.InDbAsync(db => SaveAsync(db, "A-2"));
        await shop.WaitForEndAsync(committed, target);

        Assert.Equal(["A-2"], await shop.InDbAsync(db => db.Orders.Select(order => order.Id).ToListAsync()));
        Assert.Equal(1, await shop.InDbAsync(db => db.CountMessagesAsync()));
        Assert.Empty(await shop.GetDeliveriesAsync(rolledBack));
        Assert.Equal(committed.ToString(), Assert.Single(await warehouse.GetParcelsAsync()).MessageId);
    }

    [Fact]
    public async Task PublishWebhook_SameIdempotencyKeyTwice_NamesTheFirstMessageAndDeliversOnce()
    {
        await using var warehouse = await Warehouse.StartAsync(_stores, _secret);
        var target = warehouse.TargetAt("shop", _secret);
        await using var shop = await Shop.StartAsync(_stores, [target]);
        var options = new PublishOptions { IdempotencyKey = "order-1-paid" };

        var first = await shop.InDbAsync(db => SaveAsync(db, "A-1", options));
        await shop.WaitForEndAsync(first, target);
        var second = await shop.InDbAsync(db => SaveAsync(db, "A-1 again", options));
        var named = await Eventually.ReadAsync(
            async () => await shop.Services.GetRequiredService<IOutboxStore>().GetDuplicateOfAsync(second, default),
            found => found is not null);

        Assert.NotEqual(first, second);
        Assert.Equal(first, named);
        Assert.Empty(await shop.GetDeliveriesAsync(second));
        Assert.Single(await warehouse.GetParcelsAsync());
    }

    [Fact]
    public async Task Handle_ThrowsAfterSaving_NeitherTheRowNorTheClaimStays()
    {
        await using var warehouse = await Warehouse.StartAsync(_stores, _secret);
        var target = warehouse.TargetAt("shop", _secret);
        await using var shop = await Shop.StartAsync(_stores, [target]);
        warehouse.OnHandling = async (handling, webhook, services) =>
        {
            if (handling == 1)
            {
                services.GetRequiredService<IParcels>().Add(
                    new Parcel { Source = webhook.Source, MessageId = webhook.Id, Order = "half", Payload = [] });
                await services.GetRequiredService<HostDb>().SaveChangesAsync();
                throw new InvalidOperationException("Out of tape.");
            }
        };
        var beforeRetry = warehouse.ReadBeforeRetryAsync(
            async id => ((await warehouse.GetParcelsAsync()).Count, await warehouse.IsClaimedAsync(id)));

        var published = await shop.Publisher.PublishAsync(new OrderPaid("A-1", 1m));
        var delivery = await shop.WaitForEndAsync(published, target);

        Assert.Equal((0, false), await beforeRetry);
        Assert.Equal((DeliveryStatus.Succeeded, 2), (delivery.Status, delivery.Attempts));
        Assert.Equal("A-1", Assert.Single(await warehouse.GetParcelsAsync()).Order);
        Assert.True(await warehouse.IsClaimedAsync(published));
    }

    [Fact]
    public async Task Handle_PublishesItself_SendsOnOnlyWhatCommittedWithTheClaim()
    {
        await using var customer = await Warehouse.StartAsync(_stores, _secret, ["warehouse"], name: "customer");
        await using var warehouse = await Warehouse.StartAsync(
            _stores, _secret, configure: webhooks => webhooks.AddSender([customer.TargetAt("warehouse", _secret)]));
        var target = warehouse.TargetAt("shop", _secret);
        await using var shop = await Shop.StartAsync(_stores, [target]);
        warehouse.OnHandling = (handling, webhook, services) =>
        {
            services.GetRequiredService<HostDb>().PublishWebhook(new OrderPaid($"{webhook.Data.Order}, handling {handling}", 0m));
            return handling == 1 ? throw new InvalidOperationException("Out of tape.") : Task.CompletedTask;
        };
        var messagesBeforeRetry = warehouse.ReadBeforeRetryAsync(_ => CountMessagesAsync(warehouse));

        var id = await shop.Publisher.PublishAsync(new OrderPaid("A-1", 1m));
        await shop.WaitForEndAsync(id, target);
        var parcels = await Eventually.ReadAsync(customer.GetParcelsAsync, found => found.Count > 0);

        Assert.Equal(0, await messagesBeforeRetry);
        Assert.Equal(1, await CountMessagesAsync(warehouse));
        Assert.True(await warehouse.IsClaimedAsync(id));
        Assert.Equal("A-1, handling 2", Assert.Single(parcels).Order);
    }

    private static async Task<MessageId> SaveAsync(HostDb db, string order, PublishOptions? options = null)
    {
        db.Orders.Add(new Order { Id = order });
        var id = db.PublishWebhook(new OrderPaid(order, 1m), options);
        await db.SaveChangesAsync();
        return id;
    }

    private static Task<int> CountMessagesAsync(TestHost host) =>
        host.InScopeAsync(services => services.GetRequiredService<HostDb>().CountMessagesAsync());
}
