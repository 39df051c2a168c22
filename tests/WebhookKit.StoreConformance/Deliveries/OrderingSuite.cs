using WebhookKit.Deliveries;
using WebhookKit.Outbox;

namespace WebhookKit.StoreConformance.Deliveries;

/// <summary>Deliveries that keep an order: of each endpoint and ordering key only the first may be sent.</summary>
public abstract class OrderingSuite : DeliverySuite
{
    [Fact]
    public async Task LeaseAsync_SameKey_GivesOneAfterTheOtherInTheOrderOfPublishing()
    {
        var endpoint = (await DeclareAsync("one"))[0];
        var messages = await PublishAsync(endpoint, "a", "a", "a");

        foreach (var message in messages)
        {
            var leased = Assert.Single(await LeaseAllAsync(endpoint));
            Assert.Equal((message.Id, "a"), (leased.MessageId, leased.OrderingKey));
            Assert.Empty(await LeaseAllAsync(endpoint));
            await CompleteAsync(Succeed(leased));
        }

        Assert.Empty(await LeaseAllAsync(endpoint));
        Assert.Empty(await Store.Deliveries.SweepAsync(null, 10, default));
    }

    [Fact]
    public async Task LeaseAsync_DifferentKeysAndNone_DoNotWaitForEachOther()
    {
        var endpoint = (await DeclareAsync("one"))[0];
        var messages = await PublishAsync(endpoint, "a", "b", null, null, "a");

        Assert.Equal(
            messages[..4].Select(message => message.Id).Order(),
            (await LeaseAllAsync(endpoint)).Select(leased => leased.MessageId).Order());
    }

    [Fact]
    public async Task LeaseAsync_SameKeyAtTwoEndpoints_EachKeepsItsOwnOrder()
    {
        var endpoints = await DeclareAsync("one", "two");
        var messages = await PublishAsync(endpoints, "a", "a");
        var first = await LeaseAllAsync(endpoints);
        Assert.All(first, leased => Assert.Equal(messages[0].Id, leased.MessageId));
        Assert.Equal(2, first.Count);

        await CompleteAsync(Succeed(first.Single(leased => leased.EndpointId == endpoints[0])));

        var next = Assert.Single(await LeaseAllAsync(endpoints));
        Assert.Equal((messages[1].Id, endpoints[0]), (next.MessageId, next.EndpointId));
    }

    [Fact]
    public async Task FanOut_MessagesStoredByNodesWhoseClocksDisagree_KeepTheOrderOfStoring()
    {
        var endpoint = (await DeclareAsync("one"))[0];
        var later = NewMessages(2);
        await Store.Outbox.AppendAsync([later[1] with { OrderingKey = "a" }], default);
        await Store.Outbox.AppendAsync([later[0] with { OrderingKey = "a" }], default);
        await FanOutAsync(endpoint);

        var leased = Assert.Single(await LeaseAllAsync(endpoint));
        Assert.Equal(later[1].Id, leased.MessageId);
        await CompleteAsync(Succeed(leased));
        Assert.Equal(later[0].Id, Assert.Single(await LeaseAllAsync(endpoint)).MessageId);
    }

    [Fact]
    public async Task FanOut_EarlierOneIsPending_WaitsBehindIt()
    {
        var endpoint = (await DeclareAsync("one"))[0];
        await PublishAsync(endpoint, "a");
        var leased = Assert.Single(await LeaseAllAsync(endpoint));
        var second = await PublishAsync(endpoint, "a");
        Assert.Empty(await LeaseAllAsync(endpoint));

        await CompleteAsync(Succeed(leased));

        Assert.Equal(second[0].Id, Assert.Single(await LeaseAllAsync(endpoint)).MessageId);
    }

    [Fact]
    public async Task FanOut_EarlierOneIsFinished_IsDueAtOnce()
    {
        var endpoint = (await DeclareAsync("one"))[0];
        await PublishAsync(endpoint, "a");
        await CompleteAsync(Succeed(Assert.Single(await LeaseAllAsync(endpoint))));

        var second = await PublishAsync(endpoint, "a");

        Assert.Equal(second[0].Id, Assert.Single(await LeaseAllAsync(endpoint)).MessageId);
    }

    [Fact]
    public async Task FanOutCommitted_MessagesWithAKey_AreTakenAndKeepTheirOrder()
    {
        var endpoint = (await DeclareAsync("one"))[0];
        WebhookMessage[] messages = [.. new[] { "a", "a", null, "b", "a" }.Select(key => NewMessage() with { OrderingKey = key })];
        await Store.Outbox.AppendAsync(messages, default);

        var first = await Store.Outbox.FanOutCommittedAsync([messages[0], messages[2]], PlanInOrder(endpoint), default);
        var second = await Store.Outbox.FanOutCommittedAsync([messages[1], messages[4]], PlanInOrder(endpoint), default);
        var rest = await Store.Outbox.FanOutPendingAsync(10, PlanInOrder(endpoint), default);

        Assert.Equal((2, 2, 1), (first.Taken, second.Taken, rest.Taken));
        var leased = await LeaseAllAsync(endpoint);
        Assert.Equal([messages[0].Id, messages[2].Id, messages[3].Id], leased.Select(delivery => delivery.MessageId).Order());
        await CompleteAsync([.. leased.Select(delivery => Succeed(delivery))]);
        var next = Assert.Single(await LeaseAllAsync(endpoint));
        Assert.Equal(messages[1].Id, next.MessageId);
        await CompleteAsync(Succeed(next));
        Assert.Equal(messages[4].Id, Assert.Single(await LeaseAllAsync(endpoint)).MessageId);
    }

    [Fact]
    public async Task FanOutCommitted_MessageWithAKeyIsSkipped_LetsTheNextPass()
    {
        var endpoint = (await DeclareAsync("one"))[0];
        WebhookMessage[] messages = [NewMessage() with { OrderingKey = "a" }, NewMessage() with { OrderingKey = "a" }];
        await Store.Outbox.AppendAsync(messages, default);

        var taken = await Store.Outbox.FanOutCommittedAsync(messages, Plan(message => [
            message.Id == messages[0].Id
                ? NewDelivery(message.Id, endpoint) with { Status = DeliveryStatus.Skipped, Reason = DeliveryStatusReason.FilterFailed }
                : NewDelivery(message.Id, endpoint) with { OrderingKey = message.OrderingKey }]), default);

        Assert.Equal(2, taken.Taken);
        Assert.Equal(messages[1].Id, Assert.Single(await LeaseAllAsync(endpoint)).MessageId);
    }

    [Fact]
    public async Task FanOut_LeasedWithAKey_IsNotMadeLeased()
    {
        var endpoint = (await DeclareAsync("one"))[0];
        var message = NewMessage() with { OrderingKey = "a" };
        await Store.Outbox.AppendAsync([message], default);
        await Store.Outbox.FanOutPendingAsync(10, Plan(one =>
            [NewDelivery(one.Id, endpoint) with { OrderingKey = "a", LeaseId = Ids.NewLeaseId(), LeaseDuration = LeaseDuration }]), default);

        Assert.Single(await LeaseAllAsync(endpoint));
    }

    [Fact]
    public async Task CompleteAsync_FailingHead_BlocksItsKeyUntilItsRetry()
    {
        var endpoint = (await DeclareAsync("one"))[0];
        var messages = await PublishAsync(endpoint, "a", "a");
        await CompleteAsync(Fail(Assert.Single(await LeaseAllAsync(endpoint)), TimeSpan.FromHours(1)));
        Assert.Empty(await LeaseAllAsync(endpoint));

        await Store.AdvanceAsync(TimeSpan.FromHours(2));

        var retry = Assert.Single(await LeaseAllAsync(endpoint));
        Assert.Equal((messages[0].Id, 1, "a"), (retry.MessageId, retry.Attempts, retry.OrderingKey));
    }

    [Theory]
    [InlineData(DeliveryStatus.DeadLettered, DeliveryStatusReason.Exhausted)]
    [InlineData(DeliveryStatus.Canceled, DeliveryStatusReason.Erased)]
    [InlineData(DeliveryStatus.Skipped, DeliveryStatusReason.EndpointDisabled)]
    public async Task CompleteAsync_HeadGetsAFinalStatus_LetsTheNextPass(DeliveryStatus status, DeliveryStatusReason reason)
    {
        var endpoint = (await DeclareAsync("one"))[0];
        var messages = await PublishAsync(endpoint, "a", "a");
        var leased = Assert.Single(await LeaseAllAsync(endpoint));

        await CompleteAsync(new DeliveryCompletion { Delivery = leased, Status = status, Reason = reason });

        Assert.Equal(messages[1].Id, Assert.Single(await LeaseAllAsync(endpoint)).MessageId);
    }

    [Fact]
    public async Task CompleteAsync_FailedHeadLetsNextPass_IsRetriedOutsideTheOrder()
    {
        var endpoint = (await DeclareAsync("one"))[0];
        var messages = await PublishAsync(endpoint, "a", "a", "a");
        var head = Assert.Single(await LeaseAllAsync(endpoint));

        await CompleteAsync(Fail(head, TimeSpan.FromHours(1)) with { LetsNextPass = true });

        var second = Assert.Single(await LeaseAllAsync(endpoint));
        Assert.Equal(messages[1].Id, second.MessageId);
        await Store.AdvanceAsync(TimeSpan.FromHours(2));
        var retry = Assert.Single(await LeaseAllAsync(endpoint), leased => leased.MessageId == messages[0].Id);
        Assert.Null(retry.OrderingKey);
        await CompleteAsync(Succeed(retry));
        Assert.DoesNotContain(await LeaseAllAsync(endpoint), leased => leased.MessageId == messages[2].Id);
    }

    [Theory]
    [InlineData(DeliveryStatus.Succeeded, DeliveryStatusReason.None)]
    [InlineData(DeliveryStatus.DeadLettered, DeliveryStatusReason.Exhausted)]
    public async Task CompleteAsync_NextIsOlderThanWhatOtherKeysGaveSince_IsLeasedWithoutASweep(
        DeliveryStatus status, DeliveryStatusReason reason)
    {
        var endpoint = (await DeclareAsync("one"))[0];
        var delayed = await PublishAsync(endpoint, "a", "a", "a");
        var head = Assert.Single(await LeaseAllAsync(endpoint));
        Assert.Equal(delayed[0].Id, head.MessageId);
        await Store.AdvanceAsync(TimeSpan.FromMinutes(1));

        foreach (var (key, next) in new[] { ("b", delayed[1]), ("c", delayed[2]) })
        {
            await PublishAsync(endpoint, key);
            Assert.Equal(key, Assert.Single(await LeaseAllAsync(endpoint)).OrderingKey);

            // Planned: what is told of is written apart from the rest.
            await Store.Deliveries.CompleteAsync(
                [Succeed(head) with { Status = status, Reason = reason }], [], (_, _) => [], default);

            head = Assert.Single(await LeaseAllAsync(endpoint));
            Assert.Equal(next.Id, head.MessageId);
        }
    }

    [Fact]
    public async Task CompleteAsync_LateOwner_PromotesNothing()
    {
        var endpoint = (await DeclareAsync("one"))[0];
        await PublishAsync(endpoint, "a", "a");
        var late = Assert.Single(await LeaseAllAsync(endpoint));
        await Store.AdvanceAsync(LeaseDuration + Slack);
        var current = Assert.Single(await LeaseAllAsync(endpoint));
        Assert.Equal(late.Id, current.Id);

        Assert.Equal([late.Id], await CompleteAsync(Succeed(late)));

        Assert.Empty(await LeaseAllAsync(endpoint));
    }

    [Fact]
    public async Task ReleaseAsync_Head_StaysFirst()
    {
        var endpoint = (await DeclareAsync("one"))[0];
        var messages = await PublishAsync(endpoint, "a", "a");
        await Store.Deliveries.ReleaseAsync(await LeaseAllAsync(endpoint), default);

        Assert.Equal(messages[0].Id, Assert.Single(await LeaseAllAsync(endpoint)).MessageId);
    }

    [Fact]
    public async Task SkipDisabledAsync_InBatches_LeavesNothingWaitingBehindWhatWasSkipped()
    {
        var endpoint = (await DeclareAsync("one"))[0];
        var messages = await PublishAsync(endpoint, "a", "a", "a");
        await Store.Endpoints.SetStatusAsync(endpoint, EndpointStatus.Disabled, EndpointStatusReason.ByUser, default);
        Assert.Equal(1, await Store.Deliveries.SkipDisabledAsync(endpoint, 1, default));
        await Store.Endpoints.SetStatusAsync(endpoint, EndpointStatus.Enabled, EndpointStatusReason.None, default);

        Assert.Equal(messages[1].Id, Assert.Single(await LeaseAllAsync(endpoint)).MessageId);
    }

    [Fact]
    public async Task FanOut_WhileHeadsAreCompleted_LeavesNoneWaitingForEver()
    {
        const int Count = 60;
        var endpoint = (await DeclareAsync("one"))[0];
        var publishing = Task.Run(async () =>
        {
            for (var i = 0; i < Count; i++)
            {
                await PublishAsync(endpoint, "a");
            }
        });

        var order = new List<MessageId>();
        using var deadline = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        while (order.Count < Count)
        {
            foreach (var leased in await LeaseAllAsync(endpoint))
            {
                order.Add(leased.MessageId);
                await CompleteAsync(Succeed(leased));
            }

            deadline.Token.ThrowIfCancellationRequested();
        }

        await publishing;
        Assert.Equal(order.Order(), order);
    }

    private Task<WebhookMessage[]> PublishAsync(EndpointId endpoint, params string?[] keys) => PublishAsync([endpoint], keys);

    private async Task<WebhookMessage[]> PublishAsync(EndpointId[] endpoints, params string?[] keys)
    {
        WebhookMessage[] messages = [.. keys.Select(key => NewMessage() with { OrderingKey = key })];
        await Store.Outbox.AppendAsync(messages, default);
        await FanOutAsync(endpoints);
        return messages;
    }

    private async Task FanOutAsync(params EndpointId[] endpoints) =>
        await Store.Outbox.FanOutPendingAsync(100, PlanInOrder(endpoints), default);

    private FanOutPlanner PlanInOrder(params EndpointId[] endpoints) => Plan(message =>
        endpoints.Select(endpoint => NewDelivery(message.Id, endpoint) with { OrderingKey = message.OrderingKey }));
}
