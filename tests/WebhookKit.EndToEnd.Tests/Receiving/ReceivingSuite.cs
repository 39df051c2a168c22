using Microsoft.AspNetCore.Http;
using WebhookKit.Deliveries;
using WebhookKit.EndToEnd.Tests.Hosting;

namespace WebhookKit.EndToEnd.Tests.Receiving;

public abstract class ReceivingSuite(HostStores stores) : IDisposable
{
    private readonly string _secret = WebhookSecret.Generate().Reveal();

    public void Dispose() => stores.Dispose();

    [Fact]
    public async Task Handle_FirstRunThrows_NothingStaysAndTheRetryIsHandled()
    {
        await using var warehouse = await Warehouse.StartAsync(stores, _secret);
        var target = warehouse.TargetAt("shop", _secret);
        await using var shop = await Shop.StartAsync(stores, [target]);
        warehouse.OnHandling = (handling, _, _) => handling == 1 ? throw new InvalidOperationException("Out of tape.") : Task.CompletedTask;
        var beforeRetry = warehouse.ReadBeforeRetryAsync(
            async id => ((await warehouse.GetParcelsAsync()).Count, await warehouse.IsClaimedAsync(id)));

        var published = await shop.Publisher.PublishAsync(new OrderPaid("A-1", 1m));
        var delivery = await shop.WaitForEndAsync(published, target);

        Assert.Equal((0, false), await beforeRetry);
        Assert.Equal(DeliveryStatus.Succeeded, delivery.Status);
        Assert.Equal(
            [(1, AttemptOutcome.ReceiverError, 500), (2, AttemptOutcome.Succeeded, 200)],
            (await shop.GetAttemptsAsync(delivery)).Select(attempt => (attempt.Number!.Value, attempt.Outcome, attempt.StatusCode!.Value)));
        Assert.Single(await warehouse.GetParcelsAsync());
        Assert.True(await warehouse.IsClaimedAsync(published));
    }

    [Fact]
    public async Task Handle_AnswerIsLost_TheRetryIsADuplicateAndHandledNoMore()
    {
        await using var warehouse = await Warehouse.StartAsync(stores, _secret);
        var target = warehouse.TargetAt("shop", _secret);
        await using var shop = await Shop.StartAsync(stores, [target]);
        warehouse.OnRequest = async (number, context, next) =>
        {
            await next(context);
            if (number == 1)
            {
                context.Abort();
            }
        };

        var id = await shop.Publisher.PublishAsync(new OrderPaid("A-1", 1m));
        var delivery = await shop.WaitForEndAsync(id, target);

        Assert.Equal(DeliveryStatus.Succeeded, delivery.Status);
        var attempts = await shop.GetAttemptsAsync(delivery);
        Assert.Equal([1, 2], attempts.Select(attempt => attempt.Number));
        Assert.NotEqual(AttemptOutcome.Succeeded, attempts[0].Outcome);
        Assert.Null(attempts[0].StatusCode);
        Assert.Equal([id.ToString(), id.ToString()], warehouse.Requests.Select(headers => headers["webhook-id"]));
        Assert.Equal(1, warehouse.Handlings);
        Assert.Single(await warehouse.GetParcelsAsync());
    }

    [Fact]
    public async Task Send_AnsweredGone_DisablesTheEndpointAndSkipsLaterMessages()
    {
        await using var warehouse = await Warehouse.StartAsync(stores, _secret);
        var target = warehouse.TargetAt("shop", _secret);
        await using var shop = await Shop.StartAsync(stores, [target]);
        warehouse.OnRequest = (_, context, _) =>
        {
            context.Response.StatusCode = StatusCodes.Status410Gone;
            return Task.CompletedTask;
        };

        var met = await shop.Publisher.PublishAsync(new OrderPaid("A-1", 1m));
        var ended = await shop.WaitForEndAsync(met, target);
        var later = await shop.WaitForEndAsync(await shop.Publisher.PublishAsync(new OrderPaid("A-2", 1m)), target);

        Assert.Equal((DeliveryStatus.DeadLettered, DeliveryStatusReason.EndpointGone, 1), (ended.Status, ended.Reason, ended.Attempts));
        Assert.Equal(AttemptOutcome.Gone, Assert.Single(await shop.GetAttemptsAsync(ended)).Outcome);
        var endpoint = await shop.GetEndpointAsync(target);
        Assert.Equal((EndpointStatus.Disabled, EndpointStatusReason.Gone), (endpoint.Status, endpoint.StatusReason));
        Assert.Equal((DeliveryStatus.Skipped, DeliveryStatusReason.EndpointDisabled, 0), (later.Status, later.Reason, later.Attempts));
        Assert.Single(warehouse.Requests);
    }

    [Fact]
    public async Task Rotate_ReceiverChangesToTheNewSecret_NoAttemptFails()
    {
        var newSecret = WebhookSecret.Generate().Reveal();
        await using var warehouse = await Warehouse.StartAsync(stores, _secret);
        var rotating = warehouse.TargetAt("shop", $"{_secret} {newSecret}");
        var rotated = rotating with { Name = "rotated", Secret = newSecret, TenantId = "rotated" };
        var stale = rotating with { Name = "stale", Secret = _secret, TenantId = "stale" };
        await using var shop = await Shop.StartAsync(stores, [rotating, rotated, stale]);

        var before = await PublishAsync(rotating);
        warehouse.ReloadSecret("shop", newSecret);
        var during = await PublishAsync(rotating);
        var after = await PublishAsync(rotated);
        var forgotten = await PublishAsync(stale);

        Assert.All([before, during, after], delivery => Assert.Equal((DeliveryStatus.Succeeded, 1), (delivery.Status, delivery.Attempts)));
        Assert.Equal(
            [before.MessageId.ToString(), during.MessageId.ToString(), after.MessageId.ToString()],
            (await warehouse.GetParcelsAsync()).Select(parcel => parcel.MessageId));
        Assert.Equal(DeliveryStatus.DeadLettered, forgotten.Status);
        Assert.All(await shop.GetAttemptsAsync(forgotten), attempt => Assert.Equal(401, attempt.StatusCode));

        async Task<Delivery> PublishAsync(Target target) => await shop.WaitForEndAsync(
            await shop.Publisher.PublishAsync(new OrderPaid("A-1", 1m), new PublishOptions { TenantId = target.TenantId }), target);
    }
}

public sealed class SqliteReceivingTests() : ReceivingSuite(new SqliteStores());

public sealed class InMemoryReceivingTests() : ReceivingSuite(new InMemoryStores());
