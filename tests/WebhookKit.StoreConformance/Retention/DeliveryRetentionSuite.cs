using WebhookKit.Deliveries;
using WebhookKit.Retention;
using WebhookKit.StoreConformance.Deliveries;

namespace WebhookKit.StoreConformance.Retention;

/// <summary>What every store promises about deleting deliveries: only finished ones, each status after its own time.</summary>
public abstract class DeliveryRetentionSuite : DeliverySuite
{
    private static readonly DeliveryRetention Default = new(Days(30), Days(90), Days(60), Days(10));

    [Fact]
    public async Task DeleteDeliveriesAsync_EachStatus_IsKeptForItsOwnTime()
    {
        var (open, closed) = await DeclareTwoAsync();
        var succeeded = await FinishAsync(open, DeliveryStatus.Succeeded);
        var deadLettered = await FinishAsync(open, DeliveryStatus.DeadLettered);
        var canceled = await FinishAsync(open, DeliveryStatus.Canceled);
        var skipped = await SkipAsync(closed, dueIn: default);
        var pending = Assert.Single(await MakeDueAsync(open, 1)).MessageId;
        var leased = (await MakeLeasedAsync(open)).MessageId;

        await AssertKeptAfterAsync(Days(10) - Slack, succeeded, deadLettered, canceled, skipped, pending, leased);
        await AssertKeptAfterAsync(2 * Slack, succeeded, deadLettered, skipped, pending, leased);
        await AssertKeptAfterAsync(Days(20), deadLettered, skipped, pending, leased);
        await AssertKeptAfterAsync(Days(30), deadLettered, pending, leased);
        await AssertKeptAfterAsync(Days(30), pending, leased);
        await AssertKeptAfterAsync(Days(3650), pending, leased);

        async Task AssertKeptAfterAsync(TimeSpan time, params MessageId[] kept)
        {
            await Store.AdvanceAsync(time);
            await DeleteAllAsync(Default);
            var found = new List<MessageId>();
            foreach (var message in new[] { succeeded, deadLettered, canceled, skipped, pending, leased })
            {
                found.AddRange((await Store.Deliveries.GetByMessageAsync(message, default)).Select(delivery => delivery.MessageId));
            }

            Assert.Equal(kept, found);
        }
    }

    [Fact]
    public async Task DeleteDeliveriesAsync_FinishedLongAfterItWasMade_CountsFromThen()
    {
        var (endpoint, _) = await DeclareTwoAsync();
        var pending = Assert.Single(await MakeDueAsync(endpoint, 1));
        await Store.AdvanceAsync(Days(29));
        var leased = Assert.Single(await LeaseAllAsync(endpoint));
        await CompleteAsync(Succeed(leased));

        await Store.AdvanceAsync(Days(30) - Slack);
        Assert.Equal(0, await DeleteAllAsync(Default));
        Assert.Single(await Store.Deliveries.GetByMessageAsync(pending.MessageId, default));

        await Store.AdvanceAsync(2 * Slack);
        Assert.Equal(1, await DeleteAllAsync(Default));
    }

    [Fact]
    public async Task DeleteDeliveriesAsync_SkippedLongBeforeItWasDue_CountsFromTheSkip()
    {
        var (_, endpoint) = await DeclareTwoAsync();
        await SkipAsync(endpoint, dueIn: Days(300));

        await Store.AdvanceAsync(Days(60) + Slack);

        Assert.Equal(1, await DeleteAllAsync(Default));
    }

    [Fact]
    public async Task DeleteDeliveriesAsync_Attempts_AreKeptAsLongAsTheirDelivery()
    {
        var (endpoint, _) = await DeclareTwoAsync();
        var gone = await MakeLeasedAsync(endpoint);
        await CompleteAsync(Succeed(gone));
        var kept = await MakeLeasedAsync(endpoint);
        await CompleteAsync(Fail(kept));
        await Store.AdvanceAsync(Days(400));

        Assert.Equal(1, await DeleteAllAsync(Default));

        Assert.Empty(await Store.Deliveries.GetAttemptsAsync(gone.Id, default));
        Assert.Single(await Store.Deliveries.GetAttemptsAsync(kept.Id, default));
    }

    [Fact]
    public async Task DeleteDeliveriesAsync_StatusWithoutTime_IsKeptForEver()
    {
        var (endpoint, _) = await DeclareTwoAsync();
        await FinishAsync(endpoint, DeliveryStatus.Succeeded);
        await FinishAsync(endpoint, DeliveryStatus.DeadLettered);
        await Store.AdvanceAsync(Days(3650));

        Assert.Equal(0, await DeleteAllAsync(new DeliveryRetention(null, null, null, null)));
        Assert.Equal(1, await DeleteAllAsync(new DeliveryRetention(Days(1), null, null, null)));
        Assert.Equal(0, await DeleteAllAsync(new DeliveryRetention(Days(1), null, null, null)));
    }

    [Fact]
    public async Task DeleteDeliveriesAsync_MoreThanABatch_WalksInBatchesPastWhatIsKept()
    {
        var (endpoint, _) = await DeclareTwoAsync();
        for (var i = 0; i < 12; i++)
        {
            await FinishAsync(endpoint, i % 3 == 0 ? DeliveryStatus.DeadLettered : DeliveryStatus.Succeeded);
        }

        await Store.AdvanceAsync(Days(31));

        var batches = await RunAsync(Default, batchSize: 3);
        Assert.Equal(8, batches.Sum());
        Assert.All(batches, deleted => Assert.InRange(deleted, 0, 3));
        Assert.Equal(0, (await RunAsync(Default, batchSize: 3)).Sum());
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public async Task DeleteDeliveriesAsync_StoppedAfterSomeBatches_EndsTheSameWhenBegunAgain(int batches)
    {
        var (endpoint, _) = await DeclareTwoAsync();
        for (var i = 0; i < 8; i++)
        {
            await FinishAsync(endpoint, DeliveryStatus.Succeeded);
        }

        var pending = Assert.Single(await MakeDueAsync(endpoint, 1));
        await Store.AdvanceAsync(Days(31));

        var before = (await RunAsync(Default, batchSize: 3, maxBatches: batches)).Sum();
        var after = (await RunAsync(Default, batchSize: 3)).Sum();

        Assert.Equal(3 * batches, before);
        Assert.Equal(8 - before, after);
        Assert.Single(await Store.Deliveries.GetByMessageAsync(pending.MessageId, default));
    }

    [Fact]
    public async Task DeleteDeliveriesAsync_Canceled_DeletesNothing()
    {
        var (endpoint, _) = await DeclareTwoAsync();
        await FinishAsync(endpoint, DeliveryStatus.Succeeded);
        await Store.AdvanceAsync(Days(31));

        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () =>
            await Store.Retention.DeleteDeliveriesAsync(Default, null, 10, new CancellationToken(canceled: true)));

        Assert.Equal(1, await DeleteAllAsync(Default));
    }

    private static TimeSpan Days(int days) => TimeSpan.FromDays(days);

    private async Task<(EndpointId Open, EndpointId Closed)> DeclareTwoAsync()
    {
        var endpoints = await DeclareAsync("open", "closed");
        return (endpoints[0], endpoints[1]);
    }

    private async Task<MessageId> FinishAsync(EndpointId endpoint, DeliveryStatus status)
    {
        var leased = await MakeLeasedAsync(endpoint);
        Assert.Empty(await CompleteAsync(Succeed(leased) with { Status = status }));
        return leased.MessageId;
    }

    private async Task<MessageId> SkipAsync(EndpointId endpoint, TimeSpan dueIn)
    {
        var made = Assert.Single(await MakeAsync(endpoint, dueIn));
        await Store.Endpoints.SetStatusAsync(endpoint, EndpointStatus.Disabled, EndpointStatusReason.ByUser, default);
        Assert.Equal(1, await Store.Deliveries.SkipDisabledAsync(endpoint, 10, default));
        return made.MessageId;
    }

    private async Task<int> DeleteAllAsync(DeliveryRetention retention) => (await RunAsync(retention, batchSize: 100)).Sum();

    private async Task<List<int>> RunAsync(DeliveryRetention retention, int batchSize, int maxBatches = int.MaxValue)
    {
        var deleted = new List<int>();
        DeliveryId? after = null;
        do
        {
            var batch = await Store.Retention.DeleteDeliveriesAsync(retention, after, batchSize, default);
            deleted.Add(batch.Deleted);
            after = batch.Next;
        }
        while (after is not null && deleted.Count < maxBatches);
        return deleted;
    }
}
