using WebhookKit.Deliveries;
using WebhookKit.Identifiers;
using WebhookKit.Outbox;
using WebhookKit.Testing;
using static WebhookKit.Sender.Tests.SenderHarness;

namespace WebhookKit.Sender.Tests.Dispatch;

/// <summary>What waits for an endpoint that is disabled or deleted is skipped beside everything else.</summary>
public sealed class DisabledEndpointTests : IAsyncLifetime
{
    private ScriptedReceiver _receiver = null!;

    public async Task InitializeAsync() => _receiver = await ScriptedReceiver.StartAsync();

    public async Task DisposeAsync() => await _receiver.DisposeAsync();

    [Fact]
    public async Task Backlog_OfADeletedEndpoint_IsSkippedBetweenWhatOthersGet()
    {
        const int Backlog = 900;
        await using var publisher = await StartAsync(builder =>
        {
            builder.DisableDispatcher();
            AddEndpoint(builder, "well", _receiver);
        });
        var waiting = await publisher.Publisher.PublishManyAsync(Enumerable.Range(0, Backlog).Select(order => new OrderPaid(order)));
        var ids = new IdGenerator(TimeProvider.System);
        var deleted = ids.NewEndpointId();
        await publisher.Outbox.FanOutPendingAsync(
            Backlog,
            (messages, _) => [.. messages.Select(message => new NewDelivery { Id = ids.NewDeliveryId(), MessageId = message.Id, EndpointId = deleted })],
            default);

        // Each batch finds something new to be sent to an endpoint that is well.
        var started = new TaskCompletionSource<SenderHarness>();
        var sent = new List<MessageId>();
        var fanOuts = new List<int>();
        var store = new StoreProbe();
        store.Before = async (method, _) =>
        {
            if (method == nameof(IDeliveryStore.SkipDisabledAsync))
            {
                fanOuts.Add(store.Calls(nameof(IOutboxStore.FanOutCommittedAsync)));
                sent.Add(await (await started.Task).PublishAsync());
            }
        };
        await using var sender = await StartAsync(To(_receiver), over: publisher, store: store);
        started.SetResult(sender);

        foreach (var message in waiting)
        {
            var delivery = await sender.WaitForAsync(message, DeliveryStatus.Canceled);
            Assert.Equal((deleted, DeliveryStatusReason.EndpointDeleted), (delivery.EndpointId, delivery.Reason));
        }

        // None of the batches follows another before the loop has looked at what else there is.
        var batches = fanOuts.ToArray();
        Assert.True(batches.Length > 2, $"{batches.Length} batches");
        Assert.Equal(batches.Distinct(), batches);
        foreach (var message in sent.Take(batches.Length))
        {
            await sender.WaitForAsync(message, DeliveryStatus.Succeeded);
        }
    }
}
