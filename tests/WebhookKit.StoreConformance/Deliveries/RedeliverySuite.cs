using WebhookKit.Deliveries;

namespace WebhookKit.StoreConformance.Deliveries;

/// <summary>What every store promises about deliveries that a person wants to be sent again.</summary>
public abstract class RedeliverySuite : DeliverySuite
{
    [Theory]
    [InlineData(DeliveryStatus.Succeeded, DeliveryStatusReason.None)]
    [InlineData(DeliveryStatus.DeadLettered, DeliveryStatusReason.Exhausted)]
    [InlineData(DeliveryStatus.Skipped, DeliveryStatusReason.FilterFailed)]
    public async Task OfMessage_Ended_BeginsANewCycleThatIsDue(DeliveryStatus status, DeliveryStatusReason reason)
    {
        var endpoint = (await DeclareAsync("one"))[0];
        var leased = await EndAsync(endpoint, status, reason);
        await Store.AdvanceAsync(Slack);
        var preview = await Store.Redelivery.PreviewAsync(RedeliverySelection.OfMessage(leased.MessageId), default);
        Assert.Equal(1, preview.Count);

        Assert.Equal(1, await Store.Redelivery.RedeliverAsync(preview.Selection, 10, default));

        var delivery = await ReadAsync(leased);
        Assert.Equal((DeliveryStatus.Pending, DeliveryStatusReason.None, 0), (delivery.Status, delivery.Reason, delivery.Attempts));
        Assert.NotNull(delivery.NextAttemptAt);
        var again = Assert.Single(await LeaseAllAsync(endpoint));
        Assert.Equal((leased.Id, 0, 1), (again.Id, again.Attempts, again.Leases));
        Assert.Equal(0, await Store.Redelivery.RedeliverAsync(preview.Selection, 10, default));

        Assert.Empty(await CompleteAsync(Succeed(again)));
        var attempts = await Store.Deliveries.GetAttemptsAsync(leased.Id, default);
        Assert.Equal([1, 1], attempts.Select(attempt => attempt.Number));
    }

    [Theory]
    [InlineData(DeliveryStatus.Canceled, DeliveryStatusReason.ByUser)]
    [InlineData(DeliveryStatus.Pending, DeliveryStatusReason.None)]
    public async Task OfMessage_CanceledOrPending_IsLeft(DeliveryStatus status, DeliveryStatusReason reason)
    {
        var leased = await EndAsync((await DeclareAsync("one"))[0], status, reason);
        await Store.AdvanceAsync(Slack);

        Assert.Equal(0, (await Store.Redelivery.PreviewAsync(RedeliverySelection.OfMessage(leased.MessageId), default)).Count);
        Assert.Equal(status, (await ReadAsync(leased)).Status);
    }

    [Fact]
    public async Task OfMessage_OneEndpoint_LeavesTheOthers()
    {
        var endpoints = await DeclareAsync("one", "two");
        var message = NewMessage();
        await Store.Outbox.AppendAsync([message], default);
        await Store.Outbox.FanOutPendingAsync(1, PlanFor(endpoints), default);
        var leased = await LeaseAllAsync(endpoints);
        await CompleteAsync([.. leased.Select(Succeed)]);
        await Store.AdvanceAsync(Slack);

        var one = await Store.Redelivery.PreviewAsync(RedeliverySelection.OfMessage(message.Id, endpoints[0]), default);
        Assert.Equal(1, one.Count);
        Assert.Equal(2, (await Store.Redelivery.PreviewAsync(RedeliverySelection.OfMessage(message.Id), default)).Count);
        Assert.Equal(1, await Store.Redelivery.RedeliverAsync(one.Selection, 10, default));

        Assert.Equal(endpoints[0], Assert.Single(await LeaseAllAsync(endpoints)).EndpointId);
    }

    [Fact]
    public async Task FailedSince_ChoosesByTimeEndpointAndStatusInBatches()
    {
        var endpoints = await DeclareAsync("one", "two");
        await EndAsync(endpoints[0], DeliveryStatus.DeadLettered, DeliveryStatusReason.Exhausted);
        await Store.AdvanceAsync(TimeSpan.FromHours(2));
        var failed = new List<DeliveryId>();
        for (var i = 0; i < 3; i++)
        {
            failed.Add((await EndAsync(endpoints[0], DeliveryStatus.DeadLettered, DeliveryStatusReason.Exhausted)).Id);
        }

        await EndAsync(endpoints[0], DeliveryStatus.Succeeded, DeliveryStatusReason.None);
        await EndAsync(endpoints[0], DeliveryStatus.Skipped, DeliveryStatusReason.FilterFailed);
        await EndAsync(endpoints[1], DeliveryStatus.DeadLettered, DeliveryStatusReason.Exhausted);
        await Store.AdvanceAsync(Slack);
        var until = (await Store.Redelivery.PreviewAsync(RedeliverySelection.Skipped(endpoints[0]), default)).Selection.Until!.Value;

        var preview = await Store.Redelivery.PreviewAsync(RedeliverySelection.FailedSince(endpoints[0], until - TimeSpan.FromHours(1)), default);

        Assert.Equal(3, preview.Count);
        Assert.Equal(2, await Store.Redelivery.RedeliverAsync(preview.Selection, 2, default));
        Assert.Equal(1, (await Store.Redelivery.PreviewAsync(preview.Selection, default)).Count);
        Assert.Equal(1, await Store.Redelivery.RedeliverAsync(preview.Selection, 2, default));
        Assert.Equal(failed.Order(), (await LeaseAllAsync(endpoints)).Select(leased => leased.Id).Order());
    }

    [Fact]
    public async Task FailedSince_FailsAgain_IsNotSelectedAgain()
    {
        var endpoint = (await DeclareAsync("one"))[0];
        await EndAsync(endpoint, DeliveryStatus.DeadLettered, DeliveryStatusReason.Exhausted);
        await Store.AdvanceAsync(Slack);
        var preview = await Store.Redelivery.PreviewAsync(RedeliverySelection.FailedSince(endpoint, DateTimeOffset.UnixEpoch), default);
        await Store.Redelivery.RedeliverAsync(preview.Selection, 10, default);

        await CompleteAsync(Fail(Assert.Single(await LeaseAllAsync(endpoint))) with
        {
            Status = DeliveryStatus.DeadLettered,
            Reason = DeliveryStatusReason.Exhausted,
        });

        Assert.Equal(0, await Store.Redelivery.RedeliverAsync(preview.Selection, 10, default));
    }

    [Fact]
    public async Task Skipped_WhileDisabled_IsSentOnlyOnceTheEndpointIsEnabled()
    {
        var endpoint = (await DeclareAsync("one"))[0];
        await MakeDueAsync(endpoint, 4);
        await Store.Endpoints.SetStatusAsync(endpoint, EndpointStatus.Disabled, EndpointStatusReason.ByUser, default);
        Assert.Equal(4, await Store.Deliveries.SkipDisabledAsync(endpoint, 10, default));
        await Store.AdvanceAsync(Slack);
        Assert.Equal(0, (await Store.Redelivery.PreviewAsync(RedeliverySelection.Skipped(endpoint), default)).Count);

        await Store.Endpoints.SetStatusAsync(endpoint, EndpointStatus.Enabled, EndpointStatusReason.ByUser, default);
        var preview = await Store.Redelivery.PreviewAsync(RedeliverySelection.Skipped(endpoint), default);

        Assert.Equal(4, preview.Count);
        Assert.Equal(4, await Store.Redelivery.RedeliverAsync(preview.Selection, 10, default));
        Assert.Equal(4, (await LeaseAllAsync(endpoint)).Count);
    }

    [Fact]
    public async Task OfMessage_Erased_IsLeft()
    {
        var leased = await EndAsync((await DeclareAsync("one"))[0], DeliveryStatus.DeadLettered, DeliveryStatusReason.Exhausted);
        await Store.Erasure.EraseMessageAsync(leased.MessageId, default);
        await Store.AdvanceAsync(Slack);

        Assert.Equal(0, (await Store.Redelivery.PreviewAsync(RedeliverySelection.OfMessage(leased.MessageId), default)).Count);
    }

    [Fact]
    public async Task Redeliver_FromManyTasks_BeginsEachOnce()
    {
        var endpoint = (await DeclareAsync("one"))[0];
        await MakeDueAsync(endpoint, 40);
        await CompleteAsync([.. (await LeaseAllAsync(endpoint)).Select(leased =>
            Fail(leased) with { Status = DeliveryStatus.DeadLettered, Reason = DeliveryStatusReason.Exhausted })]);
        await Store.AdvanceAsync(Slack);
        var selection = (await Store.Redelivery.PreviewAsync(RedeliverySelection.FailedSince(endpoint, DateTimeOffset.UnixEpoch), default)).Selection;

        var counts = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Task.Run(async () =>
            await Store.Redelivery.RedeliverAsync(selection, 100, default))));

        Assert.Equal(40, counts.Sum());
        Assert.Equal(40, (await LeaseAllAsync(endpoint)).Count);
    }

    private async Task<LeasedDelivery> EndAsync(EndpointId endpoint, DeliveryStatus status, DeliveryStatusReason reason)
    {
        var leased = await MakeLeasedAsync(endpoint);
        Assert.Empty(await CompleteAsync(Fail(leased, TimeSpan.FromDays(1)) with { Status = status, Reason = reason }));
        return leased;
    }
}
