using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using WebhookKit.Deliveries;
using WebhookKit.Testing;
using static WebhookKit.Sender.Tests.SenderHarness;

namespace WebhookKit.Sender.Tests.Dispatch;

/// <summary>One message that the store cannot work with, among others that it can.</summary>
public sealed class RejectedMessageTests : IAsyncLifetime
{
    private const int Messages = 200;
    private const int Bad = 77;

    private ScriptedReceiver _receiver = null!;

    public async Task InitializeAsync() => _receiver = await ScriptedReceiver.StartAsync();

    public async Task DisposeAsync() => await _receiver.DisposeAsync();

    [Fact]
    public async Task MessageThatCannotBeFannedOut_OthersAreDeliveredAndItIsSkippedAlone()
    {
        var store = new StoreProbe();
        await using var publisher = await StartAsync(builder => builder.DisableDispatcher());
        var ids = await PublishAsync(publisher);
        store.OnPlanned = deliveries => deliveries.Any(made => made.MessageId == ids[Bad] && made.Status != DeliveryStatus.Skipped)
            ? throw new InvalidOperationException("the row violates a constraint")
            : deliveries;

        await using var sender = await StartAsync(To(_receiver), over: publisher, store: store);

        foreach (var id in ids.Where((_, index) => index != Bad))
        {
            await sender.WaitForAsync(id, DeliveryStatus.Succeeded);
        }

        // Whoever publishes goes on: only beside others can it be seen that the message is at fault, not the store.
        Delivery[] skipped = [];
        await UntilAsync(
            async () =>
            {
                await publisher.PublishAsync();
                await publisher.PublishAsync();
                await Task.Delay(100);
                return (skipped = [.. await sender.Deliveries.GetByMessageAsync(ids[Bad], default)]).Length > 0;
            },
            "it is skipped");
        Assert.Equal((DeliveryStatus.Skipped, DeliveryStatusReason.FilterFailed), (skipped[0].Status, skipped[0].Reason));
        await UntilAsync(() => Task.FromResult(sender.Log.Count("MessageSkipped") > 0), "it is said to be skipped");
        Assert.Equal((1, 1), (sender.Log.Count("MessageRejected"), sender.Log.Count("MessageSkipped")));
    }

    [Theory]
    [InlineData("alone in its key", Bad)]
    [InlineData("beside others of its key and unordered ones", Bad)]
    [InlineData("beside others of its key and those of another", Bad)]
    [InlineData("beside others of its key alone", Bad)]
    [InlineData("beside others of its key alone", 0)]
    public async Task MessageWithAKeyThatCannotBeFannedOut_OthersAreDeliveredInOrderAndItIsSkippedAlone(string place, int bad)
    {
        string? KeyOf(int order) => place switch
        {
            "alone in its key" => order == bad ? "a" : null,
            "beside others of its key and unordered ones" => order % 2 == bad % 2 ? "a" : null,
            "beside others of its key and those of another" => order % 2 == bad % 2 ? "a" : "b",
            _ => "a",
        };
        var store = new StoreProbe();
        await using var publisher = await StartAsync(builder => builder.DisableDispatcher());
        var ids = new List<MessageId>();
        for (var order = 0; order < Messages; order++)
        {
            ids.Add(await publisher.PublishAsync(order, new PublishOptions { OrderingKey = KeyOf(order) }));
        }

        store.OnPlanned = deliveries => deliveries.Any(made => made.MessageId == ids[bad] && made.Status != DeliveryStatus.Skipped)
            ? throw new InvalidOperationException("the row violates a constraint")
            : deliveries;

        await using var sender = await StartAsync(
            builder =>
            {
                builder.Services.AddHealthChecks().AddWebhooks();
                builder.AddEndpoint("test", _receiver.Url.ToString(), endpoint =>
                {
                    endpoint.EventTypes.Add("*");
                    endpoint.Secrets.Add(Secret.Reveal());
                    endpoint.IsOrdered = true;
                });
            },
            over: publisher,
            store: store);

        foreach (var id in ids.Where((_, index) => index != bad))
        {
            await sender.WaitForAsync(id, DeliveryStatus.Succeeded);
        }

        await UntilAsync(
            async () =>
            {
                // One that is left alone is skipped once it can be seen beside others.
                await publisher.PublishAsync();
                await publisher.PublishAsync();
                await Task.Delay(100);
                return sender.Log.Count("MessageSkipped") > 0;
            },
            "it is said to be skipped");
        var skipped = await sender.WaitForAsync(ids[bad], DeliveryStatus.Skipped);
        Assert.Equal(DeliveryStatusReason.FilterFailed, skipped.Reason);
        Assert.Equal((bad == 0 ? 0 : 1, 1), (sender.Log.Count("MessageRejected"), sender.Log.Count("MessageSkipped")));
        Assert.True(bad != 0 || sender.Log.Count("StoreOutageBegan") > 0, "It was held up by something nobody was told of.");
        await UntilAsync(async () => (await sender.CheckHealthAsync()).Status == HealthStatus.Healthy, "it is healthy again");
        var received = _receiver.Requests.Select(request => ids.IndexOf(MessageId.Parse(request.Headers["webhook-id"].ToString()))).Where(order => order >= 0);
        Assert.All(received.GroupBy(KeyOf).Where(line => line.Key is not null), line => Assert.Equal(line.Order(), line));
    }

    [Fact]
    public async Task MessageThatCannotBeRead_OthersAreDeliveredAndItIsAbandonedAlone()
    {
        MessageId? bad = null;
        var store = new StoreProbe
        {
            Before = (method, argument) => method == "GetMessagesAsync" && ((IReadOnlyCollection<MessageId>)argument!).Contains(bad!.Value)
                ? throw new InvalidOperationException("the row holds something else")
                : Task.CompletedTask,
        };
        await using var sender = await StartAsync(
            To(_receiver, options =>
            {
                // Five leases are what it takes; others may take longer than one of them on a busy machine.
                options.AttemptTimeout = TimeSpan.FromSeconds(1);
                options.LeaseMargin = TimeSpan.FromMilliseconds(500);
                options.RetrySchedule = Retries([.. Enumerable.Repeat(50, 20)]);
                options.MaxInFlightPerEndpoint = 16;
            }),
            store: store);
        await sender.WaitForFirstDeclarationAsync();

        // Due later, so that they are leased and their messages read rather than sent from memory.
        var ids = await PublishAsync(sender, new PublishOptions { DeliverAt = TimeProvider.System.GetUtcNow() + TimeSpan.FromSeconds(3) });
        bad = ids[Bad];
        foreach (var id in ids.Where(id => id != bad))
        {
            await sender.WaitForAsync(id, DeliveryStatus.Succeeded);
        }

        Delivery? abandoned = null;
        await UntilAsync(
            async () =>
            {
                await sender.PublishAsync(0, new PublishOptions { DeliverAt = TimeProvider.System.GetUtcNow() + TimeSpan.FromMilliseconds(100) });
                await Task.Delay(50);
                abandoned = Assert.Single(await sender.Deliveries.GetByMessageAsync(bad.Value, default));
                return abandoned.Status == DeliveryStatus.DeadLettered;
            },
            "it is abandoned");
        Assert.Equal(DeliveryStatusReason.Abandoned, abandoned!.Reason);
        Assert.DoesNotContain(_receiver.Requests, request => request.Headers["webhook-id"] == bad.Value.ToString());
    }

    private static ValueTask<IReadOnlyList<MessageId>> PublishAsync(SenderHarness host, PublishOptions? options = null) =>
        host.Publisher.PublishManyAsync(Enumerable.Range(0, Messages).Select(order => new OrderPaid(order)), options);
}
