using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.DependencyInjection;
using WebhookKit.Deliveries;
using WebhookKit.EndToEnd.Tests.Hosting;
using WebhookKit.Outbox;
using WebhookKit.Rendering;
using WebhookKit.Testing;

namespace WebhookKit.EndToEnd.Tests.Delivering;

public abstract class DeliverySuite(HostStores stores) : IDisposable
{
    private readonly string _secret = WebhookSecret.Generate().Reveal();

    public void Dispose() => stores.Dispose();

    [Fact]
    public async Task Publish_OneOrder_IsHandledOnceByteForByte()
    {
        await using var warehouse = await Warehouse.StartAsync(stores, _secret);
        var target = warehouse.TargetAt("shop", _secret);
        await using var shop = await Shop.StartAsync(stores, [target]);

        var id = await shop.Publisher.PublishAsync(new OrderPaid("A-1", 42.5m));
        var delivery = await shop.WaitForEndAsync(id, target);

        Assert.Equal((DeliveryStatus.Succeeded, DeliveryStatusReason.None, 1), (delivery.Status, delivery.Reason, delivery.Attempts));
        var attempt = Assert.Single(await shop.GetAttemptsAsync(delivery));
        Assert.Equal((1, AttemptOutcome.Succeeded, 200), (attempt.Number, attempt.Outcome, attempt.StatusCode));
        var parcel = Assert.Single(await warehouse.GetParcelsAsync());
        Assert.Equal((id.ToString(), "A-1"), (parcel.MessageId, parcel.Order));
        Assert.Equal((await shop.GetMessageAsync(id)).Payload.ToArray(), parcel.Payload);
        Assert.True(await warehouse.IsClaimedAsync(id));
        Assert.Equal(1, warehouse.Handlings);
    }

    [Fact]
    public async Task Publish_OneOrder_CarriesTheHeadersOfStandardWebhooks()
    {
        await using var warehouse = await Warehouse.StartAsync(stores, _secret);
        var target = warehouse.TargetAt("shop", _secret);
        await using var shop = await Shop.StartAsync(stores, [target]);

        var id = await shop.Publisher.PublishAsync(new OrderPaid("A-1", 42.5m));
        await shop.WaitForEndAsync(id, target);

        var headers = Assert.Single(warehouse.Requests);
        var payload = (await shop.GetMessageAsync(id)).Payload.ToArray();
        var timestamp = headers["webhook-timestamp"];
        var signed = Encoding.ASCII.GetBytes($"{id}.{timestamp}.").Concat(payload).ToArray();
        var key = Convert.FromBase64String(_secret["whsec_".Length..]);
        Assert.Equal(id.ToString(), headers["webhook-id"]);
        Assert.InRange(
            DateTimeOffset.FromUnixTimeSeconds(long.Parse(timestamp, NumberStyles.None, CultureInfo.InvariantCulture)),
            TimeProvider.System.GetUtcNow().AddMinutes(-2),
            TimeProvider.System.GetUtcNow());
        Assert.Equal($"v1,{Convert.ToBase64String(HMACSHA256.HashData(key, signed))}", headers["webhook-signature"]);
        Assert.Equal("application/json", headers["Content-Type"]);
        Assert.StartsWith("WebhookKit/", headers["User-Agent"], StringComparison.Ordinal);
    }

    [Fact]
    public async Task Publish_InAPayloadFormat_EveryAttemptSendsTheStoredRendering()
    {
        await using var warehouse = await Warehouse.StartAsync(stores, _secret);
        warehouse.OnHandling = (number, _, _) => number == 1 ? throw new InvalidOperationException("Not this time.") : Task.CompletedTask;
        var target = warehouse.TargetAt("shop", _secret);
        var renderings = 0;
        await using var shop = await Shop.StartAsync(stores, [target], sender => sender
            .AddPayloadFormat(new PayloadFormat("spaced", message =>
                new RenderedPayload(message.Payload.ToArray().Concat(new byte[++renderings].Select(_ => (byte)' ')).ToArray())))
            .UseTenantPolicy(_ => new EndpointPolicy { PayloadFormat = "spaced" }));

        var id = await shop.Publisher.PublishAsync(new OrderPaid("A-1", 42.5m));
        var delivery = await shop.WaitForEndAsync(id, target);

        Assert.Equal((DeliveryStatus.Succeeded, 2, "spaced"), (delivery.Status, delivery.Attempts, delivery.PayloadFormat));
        var outbox = shop.Services.GetRequiredService<IOutboxStore>();
        var rendering = Assert.Single(await outbox.GetRenderingsAsync([id], default));
        var published = (await shop.GetMessageAsync(id)).Payload;
        Assert.Equal(published.ToArray(), rendering.Payload[..published.Length].ToArray());
        Assert.True(rendering.Payload.Length > published.Length);
        Assert.Equal(rendering.Payload.ToArray(), Assert.Single(await warehouse.GetParcelsAsync()).Payload);
    }

    [Fact]
    public async Task Publish_OneOfThreeEndpointsIsDown_ItIsDeadLetteredAndTheOthersDoNotWait()
    {
        using var nobody = new ReservedPort();
        await using var warehouse = await Warehouse.StartAsync(stores, _secret, ["first", "second"]);
        Target[] up = [warehouse.TargetAt("first", _secret), warehouse.TargetAt("second", _secret)];
        var down = new Target("down", nobody.Url, _secret);
        await using var shop = await Shop.StartAsync(stores, [.. up, down]);

        var id = await shop.Publisher.PublishAsync(new OrderPaid("A-1", 1m));
        var failed = await shop.WaitForEndAsync(id, down);

        Assert.Equal((DeliveryStatus.DeadLettered, DeliveryStatusReason.Exhausted, 4), (failed.Status, failed.Reason, failed.Attempts));
        var attempts = await shop.GetAttemptsAsync(failed);
        Assert.Equal([1, 2, 3, 4], attempts.Select(attempt => attempt.Number));
        Assert.All(attempts, attempt => Assert.Equal(AttemptOutcome.ConnectFailed, attempt.Outcome));
        foreach (var target in up)
        {
            var delivery = await shop.WaitForEndAsync(id, target);
            var attempt = Assert.Single(await shop.GetAttemptsAsync(delivery));
            Assert.Equal((DeliveryStatus.Succeeded, AttemptOutcome.Succeeded), (delivery.Status, attempt.Outcome));
            Assert.True(attempt.StartedAt < attempts[1].StartedAt, "An endpoint that is up waited for one that is down.");
        }

        Assert.Equal(["first", "second"], (await warehouse.GetParcelsAsync()).Select(parcel => parcel.Source).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Publish_ForTenants_EveryEndpointGetsItsOwnTenantsMessages()
    {
        await using var warehouse = await Warehouse.StartAsync(stores, _secret, ["acme", "globex", "nobody"]);
        Target[] targets =
        [
            warehouse.TargetAt("acme", _secret, "acme"),
            warehouse.TargetAt("globex", _secret, "globex"),
            warehouse.TargetAt("nobody", _secret),
        ];
        await using var shop = await Shop.StartAsync(stores, targets);

        foreach (var target in targets)
        {
            var id = await shop.Publisher.PublishAsync(
                new OrderPaid($"for {target.Name}", 1m), new PublishOptions { TenantId = target.TenantId });
            Assert.Equal(DeliveryStatus.Succeeded, (await shop.WaitForEndAsync(id, target)).Status);
            Assert.Single(await shop.GetDeliveriesAsync(id));
        }

        Assert.Equal(
            [("acme", "for acme"), ("globex", "for globex"), ("nobody", "for nobody")],
            (await warehouse.GetParcelsAsync()).Select(parcel => (parcel.Source, parcel.Order)));
    }

    [Fact]
    public async Task PublishAsync_SameIdempotencyKeyTwice_ReturnsTheFirstIdAndDeliversOnce()
    {
        await using var warehouse = await Warehouse.StartAsync(stores, _secret);
        var target = warehouse.TargetAt("shop", _secret);
        await using var shop = await Shop.StartAsync(stores, [target]);
        var options = new PublishOptions { IdempotencyKey = "order-1-paid" };

        var first = await shop.Publisher.PublishAsync(new OrderPaid("A-1", 1m), options);
        await shop.WaitForEndAsync(first, target);
        var second = await shop.Publisher.PublishAsync(new OrderPaid("A-1", 1m), options);
        var next = await shop.Publisher.PublishAsync(new OrderPaid("A-2", 1m));
        await shop.WaitForEndAsync(next, target);

        Assert.Equal(first, second);
        Assert.Single(await shop.GetDeliveriesAsync(first));
        Assert.Equal([first.ToString(), next.ToString()], (await warehouse.GetParcelsAsync()).Select(parcel => parcel.MessageId));
        await Assert.ThrowsAsync<IdempotencyKeyReusedException>(() => shop.Publisher.PublishAsync(new OrderPaid("A-3", 1m), options).AsTask());
    }

    [Fact]
    public async Task PublishMany_AnotherEndpointHangs_EveryMessageIsHandledOnce()
    {
        const int Count = 200;
        await using var hanging = await ScriptedReceiver.StartAsync();
        hanging.DefaultAnswer = ReceiverAnswer.Hang();
        await using var warehouse = await Warehouse.StartAsync(stores, _secret);
        var stuck = new Target("stuck", hanging.Url.AbsoluteUri, _secret);
        await using var shop = await Shop.StartAsync(
            stores,
            [warehouse.TargetAt("shop", _secret), stuck],
            sender => sender.Configure(options => options.ShutdownTimeout = TimeSpan.FromSeconds(1)));

        var ids = await shop.Publisher.PublishManyAsync(Enumerable.Range(1, Count).Select(number => new OrderPaid($"A-{number}", number)));
        await hanging.WaitForRequestsAsync(1);
        var parcels = await Eventually.ReadAsync(warehouse.GetParcelsAsync, found => found.Count >= Count);

        Assert.Equal(ids.Select(id => id.ToString()).Order(StringComparer.Ordinal), parcels.Select(parcel => parcel.MessageId).Order(StringComparer.Ordinal));
        Assert.Equal(Count, warehouse.Handlings);
        var waiting = (await shop.GetDeliveriesAsync(ids[^1])).Single(delivery => delivery.EndpointId == stuck.Id);
        Assert.Equal(DeliveryStatus.Pending, waiting.Status);
    }
}

public sealed class SqliteDeliveryTests() : DeliverySuite(new SqliteStores());

public sealed class InMemoryDeliveryTests() : DeliverySuite(new InMemoryStores());
