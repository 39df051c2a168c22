using Microsoft.Extensions.DependencyInjection;
using WebhookKit.Deliveries;
using WebhookKit.EndToEnd.Tests.Hosting;
using WebhookKit.Retry;
using WebhookKit.Testing;

namespace WebhookKit.EndToEnd.Tests.Redelivery;

/// <summary>A redelivery outlives the process that has begun to carry it out.</summary>
public sealed class KilledRedeliveryTests(OwnPostgres postgres) : IClassFixture<OwnPostgres>
{
    private const int Orders = 60;

    private readonly string _secret = WebhookSecret.Generate().Reveal();

    [Fact]
    public async Task Kill_WhileARedeliveryIsCarriedOut_AnotherNodeGoesOnAndCountsEachOnce()
    {
        await using var receiver = await ScriptedReceiver.StartAsync();
        var node = new ShopNodeSettings(await postgres.CreateDatabaseAsync(), receiver.Url.ToString(), _secret);
        receiver.DefaultAnswer = ReceiverAnswer.Status(500);
        var ids = await FailAsync(node);
        receiver.DefaultAnswer = ReceiverAnswer.Status(200);

        // Asked for on a node that sends nothing; in half a minute the process that begins with it has long been killed.
        await using var desk = await Shop.StartAsync(
            new PostgresStores(node.Database), [], sender => sender.DisableDispatcher().Configure(options => options.DeploymentVersion = 0));
        var redelivery = desk.Services.GetRequiredService<IWebhookRedelivery>();
        var id = await redelivery.RedeliverAsync(RedeliverySelection.FailedSinceOfTenant(null, DateTimeOffset.UnixEpoch), maxPerSecond: 2);
        await using (var killed = await ShopProcess.StartAsync(node))
        {
            await Eventually.ReadAsync(async () => await redelivery.FindAsync(id), progress => progress!.Done > 0);
            await killed.KillAsync();
        }

        var left = await redelivery.FindAsync(id);
        Assert.Equal(Orders, left!.Count);
        Assert.Null(left.EndedAt);
        await using var other = await ShopProcess.StartAsync(node);
        var ended = await Eventually.ReadAsync(async () => await redelivery.FindAsync(id), progress => progress!.EndedAt is not null);

        Assert.Equal((Orders, false), (ended!.Done, ended.IsCanceled));
        var target = new Target(ShopNodeSettings.EndpointName, node.EndpointUrl, _secret);
        foreach (var message in ids)
        {
            Assert.Equal(DeliveryStatus.Succeeded, (await desk.WaitForEndAsync(message, target)).Status);
        }
    }

    private static async Task<IReadOnlyList<MessageId>> FailAsync(ShopNodeSettings node)
    {
        var target = new Target(ShopNodeSettings.EndpointName, node.EndpointUrl, node.Secret);
        await using var failing = await Shop.StartAsync(new PostgresStores(node.Database), [], sender =>
        {
            node.Configure(sender);
            sender.Configure(options => options.RetrySchedule = new RetrySchedule([]));
        });
        var ids = await failing.Publisher.PublishManyAsync(Enumerable.Range(0, Orders).Select(order => new OrderPaid($"A-{order}", 1m)).ToArray());
        foreach (var id in ids)
        {
            Assert.Equal(DeliveryStatus.DeadLettered, (await failing.WaitForEndAsync(id, target)).Status);
        }

        return ids;
    }
}
