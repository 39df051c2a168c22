using System.Collections.Concurrent;
using WebhookKit.Deliveries;
using WebhookKit.Outbox;

namespace WebhookKit.StoreConformance.Outbox;

/// <summary>What every outbox promises about fan-out: taking messages and making deliveries is one step.</summary>
public abstract class FanOutSuite : StoreSuite
{
    [Fact]
    public async Task FanOutPendingAsync_NothingThere_TakesNothing()
    {
        var result = await Store.Outbox.FanOutPendingAsync(10, PlanNothing, default);

        Assert.Equal(0, result.Taken);
        Assert.Empty(result.Deliveries);
    }

    [Fact]
    public async Task FanOutPendingAsync_MoreThanAsked_TakesThemInTheOrderTheyWereStored()
    {
        // Of nodes whose clocks disagree: a message stored later may have the smaller id.
        var messages = NewMessages(5);
        await Store.Outbox.AppendAsync([messages[3], messages[4]], default);
        await Store.Outbox.AppendAsync([messages[1]], default);
        await Store.Outbox.AppendAsync([messages[0], messages[2]], default);

        var first = await Store.Outbox.FanOutPendingAsync(3, PlanNothing, default);
        var second = await Store.Outbox.FanOutPendingAsync(3, PlanNothing, default);

        Assert.Equal([messages[3].Id, messages[4].Id, messages[1].Id], first.Messages.Select(message => message.Id));
        Assert.Equal([messages[0].Id, messages[2].Id], second.Messages.Select(message => message.Id));
    }

    [Fact]
    public async Task FanOutPendingAsync_ShowsWholeMessagesToThePlanner()
    {
        var message = NewMessage("acme", payload: "{\"a\":1}") with
        {
            TargetEndpointId = EndpointId.Declared("acme", "warehouse"),
            DeliverAt = new DateTimeOffset(2027, 1, 1, 0, 0, 0, TimeSpan.Zero),
        };
        await Store.Outbox.AppendAsync([message], default);
        var shown = new List<WebhookMessage>();

        await Store.Outbox.FanOutPendingAsync(10, Plan(one => { shown.Add(one); return []; }), default);

        var seen = Assert.Single(shown);
        Assert.Equal(message.Payload.ToArray(), seen.Payload.ToArray());
        Assert.Equal(message with { Payload = default }, seen with { Payload = default });
    }

    [Fact]
    public async Task FanOutPendingAsync_TwoEndpoints_MakesBothDeliveriesOnce()
    {
        var endpoints = await DeclareAsync("one", "two");
        var message = NewMessage();
        await Store.Outbox.AppendAsync([message], default);

        var result = await Store.Outbox.FanOutPendingAsync(10, PlanFor(endpoints), default);
        var again = await Store.Outbox.FanOutPendingAsync(10, PlanFor(endpoints), default);

        Assert.Equal([message.Id], result.Messages.Select(one => one.Id));
        Assert.Equal((1, 0, 0), (result.Taken, result.Duplicates, again.Taken));
        var deliveries = await Store.Deliveries.GetByMessageAsync(message.Id, default);
        Assert.Equal(result.Deliveries.Select(delivery => delivery.Id).Order(), deliveries.Select(delivery => delivery.Id).Order());
        Assert.Equal(endpoints.Order(), deliveries.Select(delivery => delivery.EndpointId).Order());
        Assert.All(deliveries, delivery => Assert.Equal((DeliveryStatus.Pending, 0), (delivery.Status, delivery.Attempts)));
        Assert.All(deliveries, delivery => Assert.NotNull(delivery.NextAttemptAt));
        Assert.Equal(2, (await LeaseAllAsync(endpoints)).Count);
    }

    [Fact]
    public async Task FanOutPendingAsync_MessageNobodyWants_IsTakenAndStaysReadable()
    {
        var message = NewMessage();
        await Store.Outbox.AppendAsync([message], default);

        var result = await Store.Outbox.FanOutPendingAsync(10, PlanNothing, default);

        Assert.Equal(1, result.Taken);
        Assert.Empty(await Store.Deliveries.GetByMessageAsync(message.Id, default));
        Assert.Single(await Store.Outbox.GetMessagesAsync([message.Id], default));
    }

    [Fact]
    public async Task FanOutPendingAsync_PlannerThrows_TakesNothing()
    {
        var endpoints = await DeclareAsync("one");
        var messages = NewMessages(3);
        await Store.Outbox.AppendAsync(messages, default);

        await Assert.ThrowsAsync<InvalidTimeZoneException>(async () => await Store.Outbox.FanOutPendingAsync(
            10, (_, _) => throw new InvalidTimeZoneException("planned"), default));

        Assert.Equal(3, (await Store.Outbox.FanOutPendingAsync(10, PlanFor(endpoints), default)).Deliveries.Count);
        Assert.Equal(3, (await LeaseAllAsync(endpoints)).Count);
    }

    [Fact]
    public async Task FanOutPendingAsync_CanceledWhilePlanning_TakesNothing()
    {
        await Store.Outbox.AppendAsync(NewMessages(2), default);
        using var cancellation = new CancellationTokenSource();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () => await Store.Outbox.FanOutPendingAsync(
            10,
            (_, _) =>
            {
                cancellation.Cancel();
                return [];
            },
            cancellation.Token));

        Assert.Equal(2, (await Store.Outbox.FanOutPendingAsync(10, PlanNothing, default)).Taken);
    }

    [Fact]
    public async Task FanOutPendingAsync_SkippedDelivery_IsKeptWithItsReasonAndNeverLeased()
    {
        var endpoints = await DeclareAsync("one");
        var message = NewMessage();
        await Store.Outbox.AppendAsync([message], default);

        await Store.Outbox.FanOutPendingAsync(10, Plan(one => [NewDelivery(one.Id, endpoints[0]) with
        {
            Status = DeliveryStatus.Skipped,
            Reason = DeliveryStatusReason.FilterFailed,
        }]), default);

        var delivery = Assert.Single(await Store.Deliveries.GetByMessageAsync(message.Id, default));
        Assert.Equal((DeliveryStatus.Skipped, DeliveryStatusReason.FilterFailed), (delivery.Status, delivery.Reason));
        Assert.Null(delivery.NextAttemptAt);
        Assert.Empty(await LeaseAllAsync(endpoints));
        Assert.Empty(await Store.Deliveries.SweepAsync(null, 10, default));
    }

    [Fact]
    public async Task FanOutPendingAsync_DeliveryDueLater_IsLeasedOnlyThen()
    {
        var endpoints = await DeclareAsync("one");
        await Store.Outbox.AppendAsync(NewMessages(1), default);
        await Store.Outbox.FanOutPendingAsync(10, Plan(one =>
            [NewDelivery(one.Id, endpoints[0]) with { DueIn = TimeSpan.FromHours(2) }]), default);

        await Store.AdvanceAsync(TimeSpan.FromHours(2) - Slack);
        Assert.Empty(await LeaseAllAsync(endpoints));

        await Store.AdvanceAsync(Slack);
        Assert.Single(await LeaseAllAsync(endpoints));
    }

    [Fact]
    public async Task FanOutPendingAsync_DeliveryMadeLeased_BelongsToThatLease()
    {
        var endpoints = await DeclareAsync("one");
        var (message, leased) = await MakeLeasedAsync(endpoints[0]);

        Assert.Empty(await LeaseAllAsync(endpoints));
        var late = await Store.Deliveries.CompleteAsync(
            [new DeliveryCompletion { Delivery = leased, Status = DeliveryStatus.Succeeded }], [], default);

        Assert.Empty(late);
        Assert.Equal(
            DeliveryStatus.Succeeded, Assert.Single(await Store.Deliveries.GetByMessageAsync(message.Id, default)).Status);
    }

    [Fact]
    public async Task FanOutPendingAsync_LeaseOfDeliveryMadeLeasedEnds_FallsDueAndCountsBothLeases()
    {
        var endpoints = await DeclareAsync("one");
        var (_, leased) = await MakeLeasedAsync(endpoints[0]);

        await Store.AdvanceAsync(LeaseDuration + Slack);

        var again = Assert.Single(await LeaseAllAsync(endpoints));
        Assert.Equal((leased.Id, 0, 2), (again.Id, again.Attempts, again.Leases));
    }

    [Fact]
    public async Task FanOutPendingAsync_FromManyTasks_MakesEachDeliveryOnce()
    {
        var endpoints = await DeclareAsync("one");
        var messages = NewMessages(120);
        await Store.Outbox.AppendAsync(messages, default);

        await RunUntilTakenAsync(messages.Length, () => Store.Outbox.FanOutPendingAsync(7, PlanFor(endpoints), default));

        await AssertOneDeliveryEachAsync(messages);
    }

    [Fact]
    public async Task FanOutPendingAsync_KeyOfAnEarlierMessage_NamesItAndShowsNothingToThePlanner()
    {
        var endpoints = await DeclareAsync("one");
        var first = NewMessage("acme", "key");
        var second = NewMessage("acme", "key", payload: "[]");
        await Store.CaptureAsync([first]);
        await Store.Outbox.FanOutPendingAsync(10, PlanFor(endpoints), default);
        await Store.CaptureAsync([second]);
        var shown = 0;

        var result = await Store.Outbox.FanOutPendingAsync(10, Plan(_ => { shown++; return []; }), default);

        Assert.Equal((1, 1, 0), (result.Taken, result.Duplicates, shown));
        Assert.Empty(result.Messages);
        Assert.Equal(first.Id, await Store.Outbox.GetDuplicateOfAsync(second.Id, default));
        Assert.Null(await Store.Outbox.GetDuplicateOfAsync(first.Id, default));
        Assert.Empty(await Store.Deliveries.GetByMessageAsync(second.Id, default));
        Assert.Equal(0, (await Store.Outbox.FanOutPendingAsync(10, PlanFor(endpoints), default)).Taken);
    }

    [Fact]
    public async Task FanOutPendingAsync_KeySeveralTimesInOneBatch_EachNamesTheFirst()
    {
        WebhookMessage[] messages = [NewMessage(key: "key"), NewMessage(key: "key"), NewMessage("acme", "key"), NewMessage(key: "key")];
        await Store.CaptureAsync(messages);

        var result = await Store.Outbox.FanOutPendingAsync(10, PlanNothing, default);

        Assert.Equal((4, 2), (result.Taken, result.Duplicates));
        Assert.Equal([messages[0].Id, messages[2].Id], result.Messages.Select(message => message.Id).Order());
        Assert.Equal(messages[0].Id, await Store.Outbox.GetDuplicateOfAsync(messages[1].Id, default));
        Assert.Equal(messages[0].Id, await Store.Outbox.GetDuplicateOfAsync(messages[3].Id, default));
    }

    [Fact]
    public async Task FanOutPendingAsync_ManyDuplicatesOfManyTenants_EachNamesItsOwnFirst()
    {
        // Two tenants share each key, and every key comes again.
        WebhookMessage[] Make() => [.. Enumerable.Range(0, 70).Select(i => NewMessage($"tenant-{i}", $"key-{i / 2}"))];
        var (firsts, duplicates) = (Make(), Make());
        await Store.CaptureAsync(firsts);
        await Store.Outbox.FanOutPendingAsync(100, PlanNothing, default);
        await Store.CaptureAsync(duplicates);

        var result = await Store.Outbox.FanOutPendingAsync(100, PlanNothing, default);

        Assert.Equal((70, 70), (result.Taken, result.Duplicates));
        foreach (var (first, duplicate) in firsts.Zip(duplicates))
        {
            Assert.Equal(first.Id, await Store.Outbox.GetDuplicateOfAsync(duplicate.Id, default));
        }
    }

    [Fact]
    public async Task FanOutPendingAsync_KeyOfAnAppendedMessage_NamesIt()
    {
        var appended = NewMessage(key: "key");
        var captured = NewMessage(key: "key");
        await Store.Outbox.AppendAsync([appended], default);
        await Store.CaptureAsync([captured]);

        var result = await Store.Outbox.FanOutPendingAsync(10, PlanNothing, default);

        Assert.Equal([appended.Id], result.Messages.Select(message => message.Id));
        Assert.Equal(appended.Id, await Store.Outbox.GetDuplicateOfAsync(captured.Id, default));
    }

    [Fact]
    public async Task AppendAsync_KeyOfAMessageThatWasFannedOut_GivesThatId()
    {
        var captured = NewMessage(key: "key");
        await Store.CaptureAsync([captured]);
        await Store.Outbox.FanOutPendingAsync(10, PlanNothing, default);

        Assert.Equal([captured.Id], await Store.Outbox.AppendAsync([NewMessage(key: "key")], default));
        await Assert.ThrowsAsync<IdempotencyKeyReusedException>(async () =>
            await Store.Outbox.AppendAsync([NewMessage(key: "key", payload: "[]")], default));
    }

    [Fact]
    public async Task FanOutPendingAsync_KeyMoreThanSevenDaysOld_DeliversAgain()
    {
        await Store.CaptureAsync([NewMessage(key: "key")]);
        await Store.Outbox.FanOutPendingAsync(10, PlanNothing, default);
        await Store.AdvanceAsync(TimeSpan.FromDays(7) + Slack);
        var again = NewMessage(key: "key");
        var duplicate = NewMessage(key: "key");
        await Store.CaptureAsync([again, duplicate]);

        var result = await Store.Outbox.FanOutPendingAsync(10, PlanNothing, default);

        Assert.Equal([again.Id], result.Messages.Select(message => message.Id));
        Assert.Equal(again.Id, await Store.Outbox.GetDuplicateOfAsync(duplicate.Id, default));
    }

    [Fact]
    public async Task FanOutPendingAsync_PlannerThrows_KeepsKeysFree()
    {
        var first = NewMessage(key: "key");
        await Store.CaptureAsync([first]);
        await Assert.ThrowsAsync<InvalidTimeZoneException>(async () => await Store.Outbox.FanOutPendingAsync(
            10, (_, _) => throw new InvalidTimeZoneException("planned"), default));

        var result = await Store.Outbox.FanOutPendingAsync(10, PlanNothing, default);

        Assert.Equal([first.Id], result.Messages.Select(message => message.Id));
    }

    [Fact]
    public async Task FanOutCommittedAsync_MessagesInTheOutbox_TakesThem()
    {
        var endpoints = await DeclareAsync("one");
        var messages = NewMessages(3);
        await Store.Outbox.AppendAsync(messages, default);

        var result = await Store.Outbox.FanOutCommittedAsync(messages[..2], PlanFor(endpoints), default);

        Assert.Equal(messages[..2].Select(message => message.Id), result.Messages.Select(message => message.Id).Order());
        Assert.Equal(2, result.Deliveries.Count);
        var rest = await Store.Outbox.FanOutPendingAsync(10, PlanFor(endpoints), default);
        Assert.Equal([messages[2].Id], rest.Messages.Select(message => message.Id));
        await AssertOneDeliveryEachAsync(messages);
    }

    [Fact]
    public async Task FanOutCommittedAsync_MessagesThatAreNotThere_AreLeftOut()
    {
        var endpoints = await DeclareAsync("one");
        var rolledBack = NewMessage();
        var taken = NewMessage();
        var there = NewMessage();
        await Store.Outbox.AppendAsync([taken], default);
        await Store.Outbox.FanOutPendingAsync(10, PlanFor(endpoints), default);
        await Store.Outbox.AppendAsync([there], default);

        var result = await Store.Outbox.FanOutCommittedAsync([rolledBack, taken, there], PlanFor(endpoints), default);

        Assert.Equal([there.Id], result.Messages.Select(message => message.Id));
        Assert.Equal([there.Id], result.Deliveries.Select(delivery => delivery.MessageId));
        Assert.Empty(await Store.Deliveries.GetByMessageAsync(rolledBack.Id, default));
        await AssertOneDeliveryEachAsync([taken, there]);
    }

    [Fact]
    public async Task FanOutCommittedAsync_NoneThere_TakesNothing()
    {
        var endpoints = await DeclareAsync("one");

        var result = await Store.Outbox.FanOutCommittedAsync(NewMessages(2), PlanFor(endpoints), default);

        Assert.Equal(0, result.Taken);
        Assert.Empty(result.Deliveries);
        Assert.Empty(await LeaseAllAsync(endpoints));
    }

    [Fact]
    public async Task FanOutCommittedAsync_PlannerThrows_TakesNothing()
    {
        var messages = NewMessages(2);
        await Store.Outbox.AppendAsync(messages, default);

        await Assert.ThrowsAsync<InvalidTimeZoneException>(async () => await Store.Outbox.FanOutCommittedAsync(
            messages, (_, _) => throw new InvalidTimeZoneException("planned"), default));

        Assert.Equal(2, (await Store.Outbox.FanOutPendingAsync(10, PlanNothing, default)).Taken);
    }

    [Fact]
    public async Task FanOutCommittedAsync_KeyOfAnEarlierMessage_NamesItAndMakesNoDelivery()
    {
        var endpoints = await DeclareAsync("one");
        var first = NewMessage(key: "key");
        var second = NewMessage(key: "key");
        var other = NewMessage(key: "other");
        await Store.CaptureAsync([first]);
        await Store.Outbox.FanOutCommittedAsync([first], PlanFor(endpoints), default);
        await Store.CaptureAsync([second, other]);

        var result = await Store.Outbox.FanOutCommittedAsync([second, other], PlanFor(endpoints), default);

        Assert.Equal((2, 1), (result.Taken, result.Duplicates));
        Assert.Equal([other.Id], result.Messages.Select(message => message.Id));
        Assert.Equal([other.Id], result.Deliveries.Select(delivery => delivery.MessageId));
        Assert.Equal(first.Id, await Store.Outbox.GetDuplicateOfAsync(second.Id, default));
        await AssertOneDeliveryEachAsync([first, other]);
    }

    [Fact]
    public async Task FanOutCommittedAsync_WhileOthersTakePending_MakesEachDeliveryOnce()
    {
        var endpoints = await DeclareAsync("one");
        var messages = NewMessages(120);
        await Store.Outbox.AppendAsync(messages, default);
        var hints = new ConcurrentQueue<WebhookMessage[]>(messages.Chunk(5));
        var calls = 0;

        await RunUntilTakenAsync(messages.Length, () => Interlocked.Increment(ref calls) % 2 == 0 && hints.TryDequeue(out var hint)
            ? Store.Outbox.FanOutCommittedAsync(hint, PlanFor(endpoints), default)
            : Store.Outbox.FanOutPendingAsync(4, PlanFor(endpoints), default));

        await AssertOneDeliveryEachAsync(messages);
    }

    private async Task<(WebhookMessage Message, LeasedDelivery Leased)> MakeLeasedAsync(EndpointId endpoint)
    {
        var message = NewMessage();
        var leaseId = Ids.NewLeaseId();
        await Store.Outbox.AppendAsync([message], default);
        var result = await Store.Outbox.FanOutPendingAsync(10, Plan(one =>
            [NewDelivery(one.Id, endpoint) with { LeaseId = leaseId, LeaseDuration = LeaseDuration }]), default);
        var delivery = Assert.Single(result.Deliveries);
        return (message, new LeasedDelivery(delivery.Id, message.Id, endpoint, leaseId, Attempts: 0, Leases: 1));
    }

    private static async Task RunUntilTakenAsync(int messages, Func<ValueTask<FanOutResult>> fanOut)
    {
        var taken = 0;
        using var deadline = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        await Task.WhenAll(Enumerable.Range(0, 6).Select(_ => Task.Run(async () =>
        {
            while (Volatile.Read(ref taken) < messages)
            {
                deadline.Token.ThrowIfCancellationRequested();
                Interlocked.Add(ref taken, (await fanOut()).Taken);
            }
        })));
        Assert.Equal(messages, taken);
    }

    private async Task AssertOneDeliveryEachAsync(IReadOnlyCollection<WebhookMessage> messages)
    {
        foreach (var message in messages)
        {
            Assert.Single(await Store.Deliveries.GetByMessageAsync(message.Id, default));
        }
    }
}
