using WebhookKit.Deliveries;
using WebhookKit.Outbox;

namespace WebhookKit.StoreConformance.Deliveries;

/// <summary>What every store promises about messages that are canceled.</summary>
public abstract class CancellationSuite : DeliverySuite
{
    [Fact]
    public async Task Cancel_PendingNowAndLater_AreCanceledByUserAndNeverLeased()
    {
        var endpoints = await DeclareAsync("one", "two", "three");
        var message = NewMessage();
        await Store.Outbox.AppendAsync([message], default);
        await Store.Outbox.FanOutPendingAsync(
            1,
            Plan(_ =>
            [
                NewDelivery(message.Id, endpoints[0]),
                NewDelivery(message.Id, endpoints[1]) with { DueIn = TimeSpan.FromDays(30) },
                NewDelivery(message.Id, endpoints[2]) with { Status = DeliveryStatus.Skipped, Reason = DeliveryStatusReason.EndpointDisabled },
            ]),
            default);

        Assert.Equal(new CanceledDeliveries(2, 1), await CancelAsync(message.Id));

        Assert.Equal(
            [
                (endpoints[0], DeliveryStatus.Canceled, DeliveryStatusReason.ByUser, null),
                (endpoints[1], DeliveryStatus.Canceled, DeliveryStatusReason.ByUser, null),
                (endpoints[2], DeliveryStatus.Skipped, DeliveryStatusReason.EndpointDisabled, null),
            ],
            from delivery in await Store.Deliveries.GetByMessageAsync(message.Id, default)
            orderby Array.IndexOf(endpoints, delivery.EndpointId)
            select (delivery.EndpointId, delivery.Status, delivery.Reason, delivery.NextAttemptAt));
        await Store.AdvanceAsync(TimeSpan.FromDays(31));
        Assert.Empty(await LeaseAllAsync(endpoints));
        Assert.Empty(await Store.Deliveries.SweepAsync(null, 10, default));
        Assert.Equal(new CanceledDeliveries(0, 3), await CancelAsync(message.Id));
    }

    [Fact]
    public async Task Cancel_Leased_RecordsTheAttemptAsLateAndBeginsNoOther()
    {
        var endpoint = (await DeclareAsync("one"))[0];
        var leased = await MakeLeasedAsync(endpoint);

        Assert.Equal(new CanceledDeliveries(1, 0), await CancelAsync(leased.MessageId));

        Assert.Equal([leased.Id], await CompleteAsync(Fail(leased)));
        var delivery = await ReadAsync(leased);
        Assert.Equal((DeliveryStatus.Canceled, DeliveryStatusReason.ByUser), (delivery.Status, delivery.Reason));
        Assert.True(Assert.Single(await Store.Deliveries.GetAttemptsAsync(leased.Id, default)).IsLate);
        await Store.AdvanceAsync(2 * LeaseDuration);
        Assert.Empty(await LeaseAllAsync(endpoint));
    }

    [Theory]
    [InlineData(null)]
    [InlineData("a key")]
    public async Task Cancel_NotFannedOutYet_MakesTheDeliveriesCanceled(string? orderingKey)
    {
        var endpoints = await DeclareAsync("one", "two");
        var message = NewMessage(key: "order-1") with { OrderingKey = orderingKey, DeliverAt = DateTimeOffset.UnixEpoch.AddYears(200) };
        var other = NewMessage();
        await Store.Outbox.AppendAsync([message, other], default);

        Assert.Equal(new CanceledDeliveries(2, 0), await CancelAsync(message.Id, endpoints));

        Assert.All(
            await Store.Deliveries.GetByMessageAsync(message.Id, default),
            delivery => Assert.Equal((DeliveryStatus.Canceled, DeliveryStatusReason.ByUser), (delivery.Status, delivery.Reason)));
        var rest = await Store.Outbox.FanOutPendingAsync(10, PlanFor(endpoints), default);
        Assert.Equal([other.Id], rest.Messages.Select(fannedOut => fannedOut.Id));
        Assert.Empty((await Store.Outbox.FanOutCommittedAsync([message], PlanFor(endpoints), default)).Messages);
        Assert.Equal(new CanceledDeliveries(0, 2), await CancelAsync(message.Id, endpoints));
    }

    [Fact]
    public async Task Cancel_NobodyWantsIt_IsTakenFromTheOutbox()
    {
        var message = NewMessage();
        await Store.Outbox.AppendAsync([message], default);

        Assert.Equal(new CanceledDeliveries(0, 0), await CancelAsync(message.Id));

        Assert.Equal(0, (await Store.Outbox.FanOutPendingAsync(10, PlanFor([]), default)).Taken);
    }

    [Fact]
    public async Task Cancel_Unknown_GivesNull() => Assert.Null(await CancelAsync(Ids.NewMessageId()));

    [Fact]
    public async Task Cancel_HeadOfAnOrder_LetsTheNextFallDue()
    {
        var endpoint = (await DeclareAsync("one"))[0];
        WebhookMessage[] messages = [NewMessage() with { OrderingKey = "a" }, NewMessage() with { OrderingKey = "a" }];
        foreach (var message in messages)
        {
            await Store.Outbox.AppendAsync([message], default);
            await Store.Outbox.FanOutPendingAsync(1, Plan(_ => [NewDelivery(message.Id, endpoint) with { OrderingKey = "a" }]), default);
        }

        Assert.Equal(new CanceledDeliveries(1, 0), await CancelAsync(messages[0].Id));

        Assert.Equal(messages[1].Id, Assert.Single(await LeaseAllAsync(endpoint)).MessageId);
    }

    [Fact]
    public async Task Cancel_WhileItIsFannedOut_IsNeverLost()
    {
        var endpoint = (await DeclareAsync("one"))[0];
        for (var round = 0; round < 5; round++)
        {
            var message = NewMessage();
            await Store.Outbox.AppendAsync([message], default);

            var canceling = Task.Run(async () => await CancelAsync(message.Id, endpoint));
            var fanningOut = Task.Run(async () => await Store.Outbox.FanOutPendingAsync(10, PlanFor([endpoint]), default));
            await Task.WhenAll(canceling, fanningOut);

            Assert.Equal(new CanceledDeliveries(1, 0), await canceling);
            Assert.Equal(DeliveryStatus.Canceled, Assert.Single(await Store.Deliveries.GetByMessageAsync(message.Id, default)).Status);
        }

        Assert.Empty(await LeaseAllAsync(endpoint));
    }

    private ValueTask<CanceledDeliveries?> CancelAsync(MessageId id, params EndpointId[] wanting) => Store.Cancellation.CancelAsync(
        id,
        (messages, _) =>
        [
            .. from message in messages
               from endpoint in wanting
               select NewDelivery(message.Id, endpoint) with { Status = DeliveryStatus.Canceled, Reason = DeliveryStatusReason.ByUser },
        ],
        default);
}
