using Microsoft.AspNetCore.Http;
using Microsoft.EntityFrameworkCore;
using WebhookKit.Deliveries;
using WebhookKit.EndToEnd.Tests.Hosting;
using WebhookKit.Retry;

namespace WebhookKit.EndToEnd.Tests.Restart;

/// <summary>What one sending host leaves in its SQLite file and the next one finds there.</summary>
public sealed class RestartTests : IDisposable
{
    private readonly SqliteStores _stores = new();
    private readonly string _secret = WebhookSecret.Generate().Reveal();

    public void Dispose() => _stores.Dispose();

    [Fact]
    public async Task Restart_MessagesUndelivered_AreDeliveredWithTheSameIdsAndBytes()
    {
        using var port = new ReservedPort();
        var target = new Target("shop", $"{port.Url}/webhooks/shop", _secret);
        var written = new Dictionary<string, byte[]>();
        await using (var shop = await Shop.StartAsync(_stores, [target], KeepTrying))
        {
            foreach (var order in new[] { "A-1", "A-2", "A-3" })
            {
                var id = await shop.Publisher.PublishAsync(new OrderPaid(order, 1m));
                await shop.WaitForAttemptAsync(id, target);
                written.Add(id.ToString(), (await shop.GetMessageAsync(id)).Payload.ToArray());
            }
        }

        await using var warehouse = await Warehouse.StartAsync(_stores, _secret, url: port.Url);
        await using var restarted = await Shop.StartAsync(_stores, [target], KeepTrying);
        foreach (var id in written.Keys)
        {
            var delivery = await restarted.WaitForEndAsync(MessageId.Parse(id), target);
            Assert.Equal(DeliveryStatus.Succeeded, delivery.Status);
            Assert.Equal(Enumerable.Range(1, delivery.Attempts), (await restarted.GetAttemptsAsync(delivery)).Select(attempt => attempt.Number!.Value));
        }

        var parcels = await warehouse.GetParcelsAsync();
        Assert.Equal(written.Keys.Order(StringComparer.Ordinal), parcels.Select(parcel => parcel.MessageId).Order(StringComparer.Ordinal));
        Assert.All(parcels, parcel => Assert.Equal(written[parcel.MessageId], parcel.Payload));
    }

    [Fact]
    public async Task Restart_EndpointThatAnsweredGone_StaysDisabled()
    {
        await using var warehouse = await Warehouse.StartAsync(_stores, _secret);
        var target = warehouse.TargetAt("shop", _secret);
        warehouse.OnRequest = (_, context, _) =>
        {
            context.Response.StatusCode = StatusCodes.Status410Gone;
            return Task.CompletedTask;
        };
        await using (var shop = await Shop.StartAsync(_stores, [target]))
        {
            await shop.WaitForEndAsync(await shop.Publisher.PublishAsync(new OrderPaid("A-1", 1m)), target);
        }

        await using var restarted = await Shop.StartAsync(_stores, [target]);
        var later = await restarted.WaitForEndAsync(await restarted.Publisher.PublishAsync(new OrderPaid("A-2", 1m)), target);

        var endpoint = await restarted.GetEndpointAsync(target);
        Assert.Equal((EndpointStatus.Disabled, EndpointStatusReason.Gone), (endpoint.Status, endpoint.StatusReason));
        Assert.Equal((DeliveryStatus.Skipped, DeliveryStatusReason.EndpointDisabled), (later.Status, later.Reason));
        Assert.Single(warehouse.Requests);
    }

    [Fact]
    public async Task DisableDispatcher_AnotherHostOnTheSameFile_Dispatches()
    {
        await using var warehouse = await Warehouse.StartAsync(_stores, _secret);
        var target = warehouse.TargetAt("shop", _secret);
        await using var publishing = await Shop.StartAsync(_stores, [], sender => sender.DisableDispatcher());
        var early = await publishing.Publisher.PublishAsync(new OrderPaid("A-1", 1m));
        Assert.Empty(await publishing.GetDeliveriesAsync(early));

        await using var dispatching = await Shop.StartAsync(_stores, [target]);
        var late = await publishing.InDbAsync(async db =>
        {
            db.Orders.Add(new Order { Id = "A-2" });
            var id = db.PublishWebhook(new OrderPaid("A-2", 1m));
            await db.SaveChangesAsync();
            return id;
        });

        foreach (var id in new[] { early, late })
        {
            var delivery = await publishing.WaitForEndAsync(id, target);
            Assert.Equal((DeliveryStatus.Succeeded, 1), (delivery.Status, delivery.Attempts));
        }

        // The later one is sent first where the earlier waits for the next look into the outbox.
        Assert.Equal(["A-1", "A-2"], (await warehouse.GetParcelsAsync()).Select(parcel => parcel.Order).Order());
    }

    // However slowly the hosts start, no delivery runs out of attempts meanwhile.
    private static void KeepTrying(SenderBuilder sender) => sender.Configure(options =>
        options.RetrySchedule = new RetrySchedule(Enumerable.Repeat(TimeSpan.FromSeconds(1), 60), jitter: 0));
}
