using WebhookKit.Deliveries;
using WebhookKit.Idempotency;
using WebhookKit.Inbox;
using WebhookKit.Outbox;
using WebhookKit.Retention;
using WebhookKit.StoreConformance.Deliveries;

namespace WebhookKit.StoreConformance.Retention;

/// <summary>What every store promises about deleting messages, idempotency keys and inbox entries.</summary>
public abstract class MessageRetentionSuite : DeliverySuite
{
    private static readonly TimeSpan Month = TimeSpan.FromDays(30);

    [Fact]
    public async Task DeleteMessagesAsync_UnwantedMessage_IsDeletedAfterItsTime()
    {
        var message = NewMessage();
        await Store.Outbox.AppendAsync([message], default);
        await Store.Outbox.FanOutPendingAsync(10, PlanNothing, default);

        await Store.AdvanceAsync(Month - Slack);
        Assert.Equal(0, await DeleteMessagesAsync());
        await Store.AdvanceAsync(2 * Slack);

        Assert.Equal(1, await DeleteMessagesAsync());
        Assert.Empty(await Store.Outbox.GetMessagesAsync([message.Id], default));
    }

    [Fact]
    public async Task DeleteMessagesAsync_InTheOutbox_IsKept()
    {
        var message = NewMessage();
        await Store.Outbox.AppendAsync([message], default);
        await Store.AdvanceAsync(10 * Month);

        Assert.Equal(0, await DeleteMessagesAsync());

        Assert.Equal([message.Id], (await Store.Outbox.FanOutPendingAsync(10, PlanNothing, default)).Messages.Select(taken => taken.Id));
    }

    [Fact]
    public async Task DeleteMessagesAsync_WithDeliveries_IsKeptUntilTheLastIsDeleted()
    {
        var endpoint = Assert.Single(await DeclareAsync("one"));
        var leased = await MakeLeasedAsync(endpoint);
        await Store.AdvanceAsync(10 * Month);
        Assert.Equal(0, await DeleteMessagesAsync());
        await CompleteAsync(Succeed(leased));
        await Store.AdvanceAsync(2 * Month);
        Assert.Equal(0, await DeleteMessagesAsync());

        Assert.Equal(1, (await Store.Retention.DeleteDeliveriesAsync(
            new DeliveryRetention(Month, Month, Month, Month), null, 10, default)).Deleted);

        Assert.Equal(1, await DeleteMessagesAsync());
    }

    [Fact]
    public async Task DeleteMessagesAsync_NamedByADuplicate_IsKeptUntilTheDuplicateIsDeleted()
    {
        var (first, second) = (NewMessage(key: "order-42"), NewMessage(key: "order-42"));
        await Store.CaptureAsync([first, second]);
        await Store.Outbox.FanOutPendingAsync(10, PlanNothing, default);
        Assert.Equal(first.Id, await Store.Outbox.GetDuplicateOfAsync(second.Id, default));
        await Store.AdvanceAsync(Month + Slack);

        Assert.Equal(1, await DeleteMessagesAsync());
        Assert.Equal([first.Id], (await Store.Outbox.GetMessagesAsync([first.Id, second.Id], default)).Select(message => message.Id));
        Assert.Equal(1, await DeleteMessagesAsync());
    }

    [Fact]
    public async Task DeleteMessagesAsync_MoreThanABatch_WalksInBatchesPastWhatIsKept()
    {
        await Store.Outbox.AppendAsync(NewMessages(6), default);
        await Store.Outbox.FanOutPendingAsync(6, PlanNothing, default);
        await Store.Outbox.AppendAsync(NewMessages(3), default);
        await Store.AdvanceAsync(Month + Slack);

        var first = await Store.Retention.DeleteMessagesAsync(Month, null, 4, default);
        Assert.Equal(4, first.Deleted);
        Assert.NotNull(first.Next);
        Assert.Equal(2, await DeleteMessagesAsync(batchSize: 4));
        Assert.Equal(0, await DeleteMessagesAsync(batchSize: 4));
    }

    [Fact]
    public async Task DeleteExpiredKeysAsync_MemoryPassed_ForgetsInBatches()
    {
        var old = Enumerable.Range(0, 5).Select(i => NewMessage(key: $"old-{i}")).ToArray();
        await Store.Outbox.AppendAsync(old, default);
        await Store.AdvanceAsync(TimeSpan.FromDays(6));
        var young = NewMessage(key: "young");
        await Store.Outbox.AppendAsync([young], default);
        Assert.Equal(0, await Store.Retention.DeleteExpiredKeysAsync(3, default));
        await Store.AdvanceAsync(OutboxDefaults.IdempotencyKeyMemory - TimeSpan.FromDays(6) + Slack);

        Assert.Equal(3, await Store.Retention.DeleteExpiredKeysAsync(3, default));
        Assert.Equal(2, await Store.Retention.DeleteExpiredKeysAsync(3, default));
        Assert.Equal(0, await Store.Retention.DeleteExpiredKeysAsync(3, default));
        Assert.Equal([young.Id], await Store.Outbox.AppendAsync([NewMessage(key: "young")], default));
    }

    [Fact]
    public async Task DeleteInboxEntriesAsync_EachStatus_IsDeletedAfterItsTimeAndPendingNever()
    {
        await FinishAsync("handled-1", InboxStatus.Handled);
        await FinishAsync("handled-2", InboxStatus.Handled);
        await FinishAsync("dead", InboxStatus.DeadLettered);
        await AppendAsync("pending");
        await Store.AdvanceAsync(Month - Slack);
        Assert.Equal(0, await Store.Retention.DeleteInboxEntriesAsync(InboxStatus.Handled, Month, 10, default));
        await Store.AdvanceAsync(2 * Slack);

        Assert.Equal(0, await Store.Retention.DeleteInboxEntriesAsync(InboxStatus.DeadLettered, 3 * Month, 10, default));
        Assert.Equal(0, await Store.Retention.DeleteInboxEntriesAsync(InboxStatus.Pending, TimeSpan.Zero, 10, default));
        Assert.Equal(1, await Store.Retention.DeleteInboxEntriesAsync(InboxStatus.Handled, Month, 1, default));
        Assert.Equal(1, await Store.Retention.DeleteInboxEntriesAsync(InboxStatus.Handled, Month, 10, default));
        Assert.Equal(InboxStatus.DeadLettered, await StatusAsync("dead"));
        await Store.AdvanceAsync(2 * Month);
        Assert.Equal(1, await Store.Retention.DeleteInboxEntriesAsync(InboxStatus.DeadLettered, 3 * Month, 10, default));

        Assert.Equal(InboxStatus.Pending, await StatusAsync("pending"));
        Assert.Null(await StatusAsync("handled-1"));
        Assert.Null(await StatusAsync("dead"));
    }

    [Fact]
    public async Task DeleteInboxEntriesAsync_HandledLate_CountsFromThen()
    {
        await AppendAsync("evt");
        await Store.AdvanceAsync(2 * Month);
        await CompleteInboxAsync("evt", InboxStatus.Handled);

        Assert.Equal(0, await Store.Retention.DeleteInboxEntriesAsync(InboxStatus.Handled, Month, 10, default));
    }

    private async Task<int> DeleteMessagesAsync(int batchSize = 100)
    {
        var deleted = 0;
        MessageId? after = null;
        do
        {
            var batch = await Store.Retention.DeleteMessagesAsync(Month, after, batchSize, default);
            deleted += batch.Deleted;
            after = batch.Next;
        }
        while (after is not null);
        return deleted;
    }

    private async Task FinishAsync(string key, InboxStatus status)
    {
        await AppendAsync(key);
        await CompleteInboxAsync(key, status);
    }

    private async Task AppendAsync(string key) => await Store.Inbox.AppendAsync(
        [new InboxEntry { Claim = new WebhookClaim("shop", null, key, ClaimDefaults.Memory), EventType = "order.paid", Payload = "{}"u8.ToArray() }],
        default);

    private async Task CompleteInboxAsync(string key, InboxStatus status)
    {
        var leased = await Store.Inbox.LeaseAsync("shop", 10, Ids.NewLeaseId(), LeaseDuration, default);
        var entry = Assert.Single(leased, one => one.Entry.Claim.Key == key);
        Assert.Empty(await Store.Inbox.CompleteAsync([new InboxCompletion(entry, status)], default));
    }

    private ValueTask<InboxStatus?> StatusAsync(string key) => Store.Inbox.GetStatusAsync("shop", null, key, default);
}
