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

        Assert.Equal(1, await RedeliverAsync(preview.Selection));

        var delivery = await ReadAsync(leased);
        Assert.Equal((DeliveryStatus.Pending, DeliveryStatusReason.None, 0), (delivery.Status, delivery.Reason, delivery.Attempts));
        Assert.NotNull(delivery.NextAttemptAt);
        var again = Assert.Single(await LeaseAllAsync(endpoint));
        Assert.Equal((leased.Id, 0, 1), (again.Id, again.Attempts, again.Leases));

        Assert.Empty(await CompleteAsync(Succeed(again)));
        Assert.Equal(0, await RedeliverAsync(preview.Selection));
        var attempts = await Store.Deliveries.GetAttemptsAsync(leased.Id, default);
        Assert.Equal([1, 1], attempts.Select(attempt => attempt.Number));
    }

    [Fact]
    public async Task OfMessage_Canceled_IsLeft()
    {
        var leased = await EndAsync((await DeclareAsync("one"))[0], DeliveryStatus.Canceled, DeliveryStatusReason.ByUser);
        await Store.AdvanceAsync(Slack);

        Assert.Equal(0, (await Store.Redelivery.PreviewAsync(RedeliverySelection.OfMessage(leased.MessageId), default)).Count);
        Assert.Equal(0, await RedeliverAsync(RedeliverySelection.OfMessage(leased.MessageId)));
        Assert.Equal(DeliveryStatus.Canceled, (await ReadAsync(leased)).Status);
    }

    [Fact]
    public async Task OfMessage_WaitsForItsFirstAttempt_IsLeft()
    {
        var delivery = Assert.Single(await MakeAsync((await DeclareAsync("one"))[0], TimeSpan.FromHours(1)));

        Assert.Equal(0, await RedeliverAsync(RedeliverySelection.OfMessage(delivery.MessageId)));
        Assert.Equal(delivery, Assert.Single(await Store.Deliveries.GetByMessageAsync(delivery.MessageId, default)));
    }

    [Fact]
    public async Task OfMessage_WaitsForARetry_BeginsAnewAtOnce()
    {
        var endpoint = (await DeclareAsync("one"))[0];
        var leased = await EndAsync(endpoint, DeliveryStatus.Pending, DeliveryStatusReason.None);
        Assert.Empty(await LeaseAllAsync(endpoint));

        Assert.Equal(1, (await Store.Redelivery.PreviewAsync(RedeliverySelection.OfMessage(leased.MessageId), default)).Count);
        Assert.Equal(1, await RedeliverAsync(RedeliverySelection.OfMessage(leased.MessageId)));

        var again = Assert.Single(await LeaseAllAsync(endpoint));
        Assert.Equal((leased.Id, 0), (again.Id, again.Attempts));
    }

    [Theory]
    [InlineData(DeliveryStatus.Pending, DeliveryStatusReason.None, true)]
    [InlineData(DeliveryStatus.DeadLettered, DeliveryStatusReason.Exhausted, true)]
    [InlineData(DeliveryStatus.DeadLettered, DeliveryStatusReason.Abandoned, true)]
    [InlineData(DeliveryStatus.DeadLettered, DeliveryStatusReason.EndpointGone, false)]
    [InlineData(DeliveryStatus.Succeeded, DeliveryStatusReason.None, false)]
    public async Task OfMessage_BeingAttempted_BeginsAnewOnlyIfTheAttemptFails(
        DeliveryStatus status, DeliveryStatusReason reason, bool beginsAnew)
    {
        var endpoint = (await DeclareAsync("one"))[0];
        var leased = await MakeLeasedAsync(endpoint);
        var id = await BeginAsync(RedeliverySelection.OfMessage(leased.MessageId));
        Assert.Equal(0, await ContinueAsync());
        Assert.Equal((1, 0, null), await ReadProgressAsync(id));
        Assert.Empty(await LeaseAllAsync(endpoint));

        var attempt = status == DeliveryStatus.Succeeded ? Succeed(leased) : Fail(leased, TimeSpan.FromDays(1));
        Assert.Empty(await CompleteAsync(attempt with { Status = status, Reason = reason }));
        await Store.AdvanceAsync(Slack);

        Assert.Equal(beginsAnew ? 1 : 0, await ContinueAsync());
        var progress = await Store.Redelivery.FindAsync(id, default);
        Assert.Equal((beginsAnew ? 1 : 0, true), (progress!.Done, progress.EndedAt is not null));
        var again = await LeaseAllAsync(endpoint);
        Assert.Equal(beginsAnew ? [(leased.Id, 0)] : [], again.Select(one => (one.Id, one.Attempts)));
        Assert.Equal(beginsAnew ? DeliveryStatus.Pending : status, (await ReadAsync(leased)).Status);
    }

    [Fact]
    public async Task OfMessage_RetryOfAnOrderedDelivery_KeepsItsPlace()
    {
        var endpoint = (await DeclareAsync("one"))[0];
        var messages = NewMessages(2);
        await Store.Outbox.AppendAsync(messages, default);
        await Store.Outbox.FanOutPendingAsync(2, Plan(message => [NewDelivery(message.Id, endpoint) with { OrderingKey = "a" }]), default);
        var head = Assert.Single(await LeaseAllAsync(endpoint));
        Assert.Empty(await CompleteAsync(Fail(head, TimeSpan.FromDays(1))));

        Assert.Equal(1, await RedeliverAsync(RedeliverySelection.OfMessage(head.MessageId)));

        var again = Assert.Single(await LeaseAllAsync(endpoint));
        Assert.Equal((head.Id, 0), (again.Id, again.Attempts));
        Assert.Empty(await CompleteAsync(Succeed(again)));
        Assert.NotEqual(head.Id, Assert.Single(await LeaseAllAsync(endpoint)).Id);
    }

    [Fact]
    public async Task OfTenant_FailedSince_LeavesOtherTenants()
    {
        WebhookEndpoint[] declared = [NewEndpoint("one", "acme"), NewEndpoint("two", "acme"), NewEndpoint("three", "globex"), NewEndpoint("four")];
        await Store.Endpoints.DeclareAsync(declared, deployment: 1, default);
        EndpointId[] endpoints = [.. declared.Select(endpoint => endpoint.Id)];
        foreach (var endpoint in endpoints)
        {
            await EndAsync(endpoint, DeliveryStatus.DeadLettered, DeliveryStatusReason.Exhausted);
        }

        await Store.AdvanceAsync(Slack);
        var since = DateTimeOffset.UnixEpoch;

        Assert.Equal(0, await RedeliverAsync(RedeliverySelection.FailedSinceOfTenant("initech", since)));
        Assert.Equal(2, await RedeliverAsync(RedeliverySelection.FailedSinceOfTenant("acme", since)));
        Assert.Equal(endpoints[..2].Order(), (await LeaseAllAsync(endpoints)).Select(leased => leased.EndpointId).Order());
        Assert.Equal(1, await RedeliverAsync(RedeliverySelection.FailedSinceOfTenant(null, since)));
        Assert.Equal(endpoints[3], Assert.Single(await LeaseAllAsync(endpoints)).EndpointId);
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
        Assert.Equal(1, await RedeliverAsync(one.Selection));

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
        var id = await BeginAsync(preview.Selection, maxPerSecond: 2);
        Assert.Equal(2, await ContinueAsync());
        Assert.Equal(0, await ContinueAsync());
        Assert.Equal((3, 2, null), await ReadProgressAsync(id));
        await Store.AdvanceAsync(Slack);
        Assert.Equal(1, await ContinueAsync());
        var progress = await Store.Redelivery.FindAsync(id, default);
        Assert.Equal((3, 3, 2), (progress!.Count, progress.Done, progress.MaxPerSecond));
        Assert.Equal((endpoints[0], DeliveryStatus.DeadLettered), (progress.Selection.EndpointId, progress.Selection.Status));
        Assert.NotNull(progress.EndedAt);
        Assert.Null((await Store.Redelivery.ContinueAsync(10, default)).NextIn);
        Assert.Equal(failed.Order(), (await LeaseAllAsync(endpoints)).Select(leased => leased.Id).Order());
    }

    [Fact]
    public async Task FailedSince_FailsAgain_IsNotSelectedAgain()
    {
        var endpoint = (await DeclareAsync("one"))[0];
        await EndAsync(endpoint, DeliveryStatus.DeadLettered, DeliveryStatusReason.Exhausted);
        await Store.AdvanceAsync(Slack);
        var preview = await Store.Redelivery.PreviewAsync(RedeliverySelection.FailedSince(endpoint, DateTimeOffset.UnixEpoch), default);
        await RedeliverAsync(preview.Selection);

        await CompleteAsync(Fail(Assert.Single(await LeaseAllAsync(endpoint))) with
        {
            Status = DeliveryStatus.DeadLettered,
            Reason = DeliveryStatusReason.Exhausted,
        });

        Assert.Equal(0, await RedeliverAsync(preview.Selection));
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
        Assert.Equal(4, await RedeliverAsync(preview.Selection));
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
    public async Task Continue_FromManyTasks_BeginsEachOnceAndCountsEachOnce()
    {
        var endpoint = (await DeclareAsync("one"))[0];
        await MakeDueAsync(endpoint, 40);
        await CompleteAsync([.. (await LeaseAllAsync(endpoint)).Select(leased =>
            Fail(leased) with { Status = DeliveryStatus.DeadLettered, Reason = DeliveryStatusReason.Exhausted })]);
        await Store.AdvanceAsync(Slack);
        var selection = RedeliverySelection.FailedSince(endpoint, DateTimeOffset.UnixEpoch);
        RedeliveryId[] ids = [await BeginAsync(selection), await BeginAsync(selection)];

        var counts = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Task.Run(async () =>
        {
            var count = 0;
            while (await Store.Redelivery.ContinueAsync(100, default) is { NextIn: { } } step)
            {
                count += step.Count;
            }

            return count;
        })));

        Assert.Equal(40, counts.Sum());
        var done = 0;
        foreach (var id in ids)
        {
            done += (await ReadProgressAsync(id)).Done;
        }

        Assert.Equal(40, done);
        Assert.Equal(40, (await LeaseAllAsync(endpoint)).Count);
    }

    [Fact]
    public async Task Cancel_BeforeItIsThrough_LeavesTheRest()
    {
        var endpoint = (await DeclareAsync("one"))[0];
        for (var i = 0; i < 3; i++)
        {
            await EndAsync(endpoint, DeliveryStatus.DeadLettered, DeliveryStatusReason.Exhausted);
        }

        await Store.AdvanceAsync(Slack);
        var id = await BeginAsync(RedeliverySelection.FailedSince(endpoint, DateTimeOffset.UnixEpoch), maxPerSecond: 1);
        Assert.Equal(1, await ContinueAsync());

        Assert.True(await Store.Redelivery.CancelAsync(id, default));
        Assert.False(await Store.Redelivery.CancelAsync(id, default));
        await Store.AdvanceAsync(Slack);

        Assert.Equal(0, await ContinueAsync());
        var progress = await Store.Redelivery.FindAsync(id, default);
        Assert.Equal((1, true, true), (progress!.Done, progress.IsCanceled, progress.EndedAt is not null));
        Assert.Single(await LeaseAllAsync(endpoint));
        Assert.Null(await Store.Redelivery.FindAsync(Ids.NewRedeliveryId(), default));
    }

    [Fact]
    public async Task DeleteRedeliveries_EndedLongAgo_AreForgotten()
    {
        var leased = await EndAsync((await DeclareAsync("one"))[0], DeliveryStatus.DeadLettered, DeliveryStatusReason.Exhausted);
        await Store.AdvanceAsync(Slack);
        var ended = await BeginAsync(RedeliverySelection.OfMessage(leased.MessageId));
        await ContinueAsync();
        await Store.AdvanceAsync(TimeSpan.FromDays(30) - Slack);
        var open = await BeginAsync(RedeliverySelection.OfMessage(leased.MessageId));
        Assert.Equal(0, await Store.Retention.DeleteRedeliveriesAsync(TimeSpan.FromDays(30), 10, default));
        await Store.AdvanceAsync(TimeSpan.FromDays(40));

        Assert.Equal(1, await Store.Retention.DeleteRedeliveriesAsync(TimeSpan.FromDays(30), 10, default));

        Assert.Null(await Store.Redelivery.FindAsync(ended, default));
        Assert.NotNull(await Store.Redelivery.FindAsync(open, default));
    }

    private async Task<RedeliveryId> BeginAsync(RedeliverySelection selection, int maxPerSecond = 10_000)
    {
        var id = Ids.NewRedeliveryId();
        await Store.Redelivery.BeginAsync(id, selection, maxPerSecond, default);
        return id;
    }

    private async Task<int> ContinueAsync() => (await Store.Redelivery.ContinueAsync(10, default)).Count;

    /// <summary>Carries a redelivery out, of not more than one part.</summary>
    private async Task<int> RedeliverAsync(RedeliverySelection selection)
    {
        var id = await BeginAsync(selection);
        var count = await ContinueAsync();
        var progress = await Store.Redelivery.FindAsync(id, default);
        Assert.Equal((count, true), (progress!.Done, progress.EndedAt is not null));
        return count;
    }

    private async Task<(int Count, int Done, DateTimeOffset? EndedAt)> ReadProgressAsync(RedeliveryId id)
    {
        var progress = await Store.Redelivery.FindAsync(id, default);
        return (progress!.Count, progress.Done, progress.EndedAt);
    }

    private async Task<LeasedDelivery> EndAsync(EndpointId endpoint, DeliveryStatus status, DeliveryStatusReason reason)
    {
        var leased = await MakeLeasedAsync(endpoint);
        Assert.Empty(await CompleteAsync(Fail(leased, TimeSpan.FromDays(1)) with { Status = status, Reason = reason }));
        return leased;
    }
}
