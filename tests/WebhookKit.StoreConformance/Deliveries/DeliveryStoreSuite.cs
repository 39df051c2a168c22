using System.Collections.Concurrent;
using WebhookKit.Deliveries;
using WebhookKit.Endpoints;

namespace WebhookKit.StoreConformance.Deliveries;

/// <summary>What every delivery store promises about finding, leasing and skipping; see <see cref="CompletionSuite"/> for outcomes.</summary>
public abstract class DeliveryStoreSuite : DeliverySuite
{
    [Fact]
    public async Task SweepAsync_NothingPending_FindsNothing()
    {
        await DeclareAsync("one");

        Assert.Empty(await Store.Deliveries.SweepAsync(null, 10, default));
    }

    [Fact]
    public async Task SweepAsync_SeveralEndpoints_FindsThemInOrderOfTheirIdsBehindTheCursor()
    {
        var endpoints = await DeclareAsync("one", "two", "three", "four", "five", "idle");
        foreach (var endpoint in endpoints[..5])
        {
            await MakeDueAsync(endpoint, 3);
        }

        var order = endpoints[..5].Order().ToArray();
        Assert.Equal(order, await SweepIdsAsync(null, 10));
        Assert.Equal(order[..2], await SweepIdsAsync(null, 2));
        Assert.Equal(order[2..4], await SweepIdsAsync(order[1], 2));
        Assert.Equal(order[4..], await SweepIdsAsync(order[3], 2));
        Assert.Empty(await SweepIdsAsync(order[4], 2));
        Assert.Equal(order[1..], await SweepIdsAsync(order[0], 10));
    }

    [Fact]
    public async Task SweepAsync_TellsWhenTheEarliestMayBeLeased()
    {
        var endpoint = (await DeclareAsync("one"))[0];
        await MakeAsync(endpoint, TimeSpan.FromHours(5), TimeSpan.FromHours(3), TimeSpan.FromHours(4));

        AssertClose(TimeSpan.FromHours(3), Assert.Single(await Store.Deliveries.SweepAsync(null, 10, default)).DueIn);

        await Store.AdvanceAsync(TimeSpan.FromHours(3));
        Assert.InRange(
            Assert.Single(await Store.Deliveries.SweepAsync(null, 10, default)).DueIn, -Slack, TimeSpan.Zero);
    }

    [Fact]
    public async Task SweepAsync_OnlyLeased_TellsWhenTheLeaseEnds()
    {
        var endpoint = (await DeclareAsync("one"))[0];
        await MakeLeasedAsync(endpoint);

        AssertClose(LeaseDuration, Assert.Single(await Store.Deliveries.SweepAsync(null, 10, default)).DueIn);
    }

    [Fact]
    public async Task SweepAsync_SlowedDownEndpoint_TellsWhenTheSlowDownEnds()
    {
        var endpoint = (await DeclareAsync("one"))[0];
        await WriteHealthAsync(new EndpointHealth { EndpointId = endpoint, SlowDownFor = TimeSpan.FromHours(1) });
        await MakeDueAsync(endpoint, 1);

        AssertClose(TimeSpan.FromHours(1), Assert.Single(await Store.Deliveries.SweepAsync(null, 10, default)).DueIn);
    }

    [Fact]
    public async Task SweepAsync_PausedAndDisabledEndpoints_FindsOnlyTheDisabled()
    {
        var endpoints = await DeclareAsync("enabled", "paused", "disabled");
        foreach (var endpoint in endpoints)
        {
            await MakeDueAsync(endpoint, 1);
        }

        await Store.Endpoints.SetStatusAsync(endpoints[1], EndpointStatus.Paused, EndpointStatusReason.ByUser, default);
        await Store.Endpoints.SetStatusAsync(endpoints[2], EndpointStatus.Disabled, EndpointStatusReason.Gone, default);

        var found = await Store.Deliveries.SweepAsync(null, 10, default);

        Assert.Equal(
            new[] { (endpoints[0], EndpointStatus.Enabled), (endpoints[2], EndpointStatus.Disabled) }.OrderBy(pair => pair.Item1),
            found.Select(due => (due.EndpointId, due.Status)));
        // A paused endpoint must not take the place of one that is found.
        Assert.Equal(2, (await Store.Deliveries.SweepAsync(null, 2, default)).Count);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public async Task SweepAsync_PagesFullOfPausedEndpoints_DoNotHideTheOnesBehindThem(int pageSize)
    {
        var endpoints = (await DeclareAsync("one", "two", "three", "four", "five", "six", "seven")).Order().ToArray();
        foreach (var endpoint in endpoints)
        {
            await MakeDueAsync(endpoint, 1);
        }

        foreach (var paused in endpoints[..6])
        {
            await Store.Endpoints.SetStatusAsync(paused, EndpointStatus.Paused, EndpointStatusReason.ByUser, default);
        }

        Assert.Equal([endpoints[6]], await SweepIdsAsync(null, pageSize));
        Assert.Equal([endpoints[6]], await SweepIdsAsync(endpoints[1], pageSize));
        Assert.Empty(await SweepIdsAsync(endpoints[6], pageSize));
    }

    [Fact]
    public async Task SweepAsync_AllCompleted_FindsNothing()
    {
        var endpoint = (await DeclareAsync("one"))[0];
        await CompleteAsync(Succeed(await MakeLeasedAsync(endpoint)));

        Assert.Empty(await Store.Deliveries.SweepAsync(null, 10, default));
    }

    [Fact]
    public async Task LeaseAsync_DueDelivery_GivesAllThatSendingNeeds()
    {
        var endpoint = (await DeclareAsync("one"))[0];
        var delivery = Assert.Single(await MakeDueAsync(endpoint, 1));
        var leaseId = Ids.NewLeaseId();

        var leased = Assert.Single(await LeaseAsync(leaseId, new LeaseBudget(endpoint, 1, 1)));

        Assert.Equal(new LeasedDelivery(delivery.Id, delivery.MessageId, endpoint, leaseId, Attempts: 0, Leases: 1), leased);
    }

    [Fact]
    public async Task LeaseAsync_NoBudgets_GivesNothing()
    {
        var endpoint = (await DeclareAsync("one"))[0];
        await MakeDueAsync(endpoint, 1);

        Assert.Empty(await LeaseAsync());
        Assert.Empty(await LeaseAsync(new LeaseBudget(endpoint, 0, 0)));
        Assert.Empty(await LeaseAsync(new LeaseBudget(Ids.NewEndpointId(), 10, 10)));
    }

    [Fact]
    public async Task LeaseAsync_SeveralBudgets_GivesEachEndpointAtMostItsOwn()
    {
        var endpoints = await DeclareAsync("one", "two", "three", "unnamed");
        foreach (var endpoint in endpoints)
        {
            await MakeDueAsync(endpoint, 5);
        }

        var leased = await LeaseAsync(
            new LeaseBudget(endpoints[0], 2, 2), new LeaseBudget(endpoints[1], 10, 0), new LeaseBudget(endpoints[2], 1, 1));

        Assert.Equal((2, 5, 1, 0), (Of(0), Of(1), Of(2), Of(3)));
        int Of(int index) => leased.Count(one => one.EndpointId == endpoints[index]);
    }

    [Fact]
    public async Task LeaseAsync_MoreDueThanTheBudget_GivesTheOldestDue()
    {
        var endpoint = (await DeclareAsync("one"))[0];
        var hours = new[] { 5, 1, 4, 2, 3, 9 };
        var made = await MakeAsync(endpoint, [.. hours.Select(hour => TimeSpan.FromHours(hour))]);
        await Store.AdvanceAsync(TimeSpan.FromHours(6));

        Assert.Equal([1, 2], await LeaseHoursAsync(2));
        Assert.Equal([3, 4], await LeaseHoursAsync(2));
        Assert.Equal([5], await LeaseHoursAsync(2));

        async Task<IEnumerable<int>> LeaseHoursAsync(int budget) =>
            (await LeaseAsync(new LeaseBudget(endpoint, budget, 0)))
                .Select(leased => hours[Array.FindIndex(made, delivery => delivery.Id == leased.Id)]).Order();
    }

    [Fact]
    public async Task LeaseAsync_RetriesAreOlder_GivesThemOnlyTheirShare()
    {
        var endpoint = (await DeclareAsync("one"))[0];
        var retries = await MakeDueAsync(endpoint, 4);
        await CompleteAsync([.. (await LeaseAllAsync(endpoint)).Select(leased => Fail(leased))]);
        await Store.AdvanceAsync(Slack);
        var firsts = await MakeDueAsync(endpoint, 4);
        await Store.AdvanceAsync(Slack);

        var leased = await LeaseAsync(new LeaseBudget(endpoint, 4, 1));
        var rest = await LeaseAsync(new LeaseBudget(endpoint, 100, 2));

        Assert.Equal((1, 3), CountOf(leased));
        Assert.Equal((2, 1), CountOf(rest));
        Assert.Equal((1, 0), CountOf(await LeaseAllAsync(endpoint)));

        (int Retries, int Firsts) CountOf(IReadOnlyList<LeasedDelivery> some) => (
            some.Count(one => one.Attempts == 1 && retries.Any(retry => retry.Id == one.Id)),
            some.Count(one => one.Attempts == 0 && firsts.Any(first => first.Id == one.Id)));
    }

    [Fact]
    public async Task LeaseAsync_RetriesMayFillTheBudget_GivesTheOldestDueOfBoth()
    {
        var endpoint = (await DeclareAsync("one"))[0];
        var retry = await MakeLeasedAsync(endpoint);
        await CompleteAsync(Fail(retry, TimeSpan.FromHours(2)));
        var firsts = await MakeAsync(endpoint, TimeSpan.FromHours(1), TimeSpan.FromHours(3));
        await Store.AdvanceAsync(TimeSpan.FromHours(4));

        Assert.Equal([firsts[0].Id], (await LeaseAsync(new LeaseBudget(endpoint, 1, 1))).Select(one => one.Id));
        Assert.Equal([retry.Id], (await LeaseAsync(new LeaseBudget(endpoint, 1, 1))).Select(one => one.Id));
        Assert.Equal([firsts[1].Id], (await LeaseAsync(new LeaseBudget(endpoint, 1, 1))).Select(one => one.Id));
    }

    [Theory]
    [InlineData(EndpointStatus.Paused)]
    [InlineData(EndpointStatus.Disabled)]
    public async Task LeaseAsync_EndpointNotEnabled_GivesNothingUntilItIs(EndpointStatus status)
    {
        var endpoint = (await DeclareAsync("one"))[0];
        await MakeDueAsync(endpoint, 1);
        await Store.Endpoints.SetStatusAsync(endpoint, status, EndpointStatusReason.ByUser, default);

        Assert.Empty(await LeaseAllAsync(endpoint));

        await Store.Endpoints.SetStatusAsync(endpoint, EndpointStatus.Enabled, EndpointStatusReason.ByUser, default);
        Assert.Single(await LeaseAllAsync(endpoint));
    }

    [Fact]
    public async Task LeaseAsync_EndpointSlowedDown_GivesNothingUntilTheEnd()
    {
        var endpoints = await DeclareAsync("slow", "healthy");
        await WriteHealthAsync(new EndpointHealth { EndpointId = endpoints[0], Failures = 1, SlowDownFor = TimeSpan.FromHours(1) });
        await MakeDueAsync(endpoints[0], 1);
        await MakeDueAsync(endpoints[1], 1);

        Assert.Equal(endpoints[1], Assert.Single(await LeaseAllAsync(endpoints)).EndpointId);

        await Store.AdvanceAsync(TimeSpan.FromHours(1) - Slack);
        Assert.Empty(await LeaseAllAsync(endpoints[0]));
        await Store.AdvanceAsync(2 * Slack);
        Assert.Single(await LeaseAllAsync(endpoints[0]));
    }

    [Fact]
    public async Task LeaseAsync_LeasedDelivery_IsNotGivenUntilTheLeaseEndsAndThenCounted()
    {
        var endpoint = (await DeclareAsync("one"))[0];
        var first = await MakeLeasedAsync(endpoint);

        for (var leases = 2; leases <= 6; leases++)
        {
            await Store.AdvanceAsync(LeaseDuration - Slack);
            Assert.Empty(await LeaseAllAsync(endpoint));

            await Store.AdvanceAsync(2 * Slack);
            var again = Assert.Single(await LeaseAllAsync(endpoint));
            Assert.Equal((first.Id, 0, leases), (again.Id, again.Attempts, again.Leases));
            Assert.NotEqual(first.LeaseId, again.LeaseId);
        }
    }

    [Fact]
    public async Task LeaseAsync_LeasedDelivery_StaysPendingWithTheSameNextAttempt()
    {
        var endpoint = (await DeclareAsync("one"))[0];
        var made = Assert.Single(await MakeDueAsync(endpoint, 1));

        var leased = Assert.Single(await LeaseAllAsync(endpoint));

        Assert.Equal(made, await ReadAsync(leased));
    }

    [Fact]
    public async Task LeaseAsync_FromManyTasks_GivesEachDeliveryOnce()
    {
        var endpoints = await DeclareAsync("one", "two", "three");
        foreach (var endpoint in endpoints)
        {
            await MakeDueAsync(endpoint, 60);
        }

        var leased = new ConcurrentQueue<LeasedDelivery>();
        using var deadline = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        await Task.WhenAll(Enumerable.Range(0, 6).Select(_ => Task.Run(async () =>
        {
            while (leased.Count < 180)
            {
                deadline.Token.ThrowIfCancellationRequested();
                var some = await LeaseAsync([.. endpoints.Select(endpoint => new LeaseBudget(endpoint, 3, 1))]);
                foreach (var one in some)
                {
                    leased.Enqueue(one);
                }
            }
        })));

        Assert.Equal(180, leased.Count);
        Assert.Equal(180, leased.Select(one => one.Id).Distinct().Count());
        Assert.All(leased, one => Assert.Equal(1, one.Leases));
    }

    [Fact]
    public async Task ReleaseAsync_LeasedDelivery_IsDueAtOnceAndNotCounted()
    {
        var endpoint = (await DeclareAsync("one"))[0];
        var leased = await MakeLeasedAsync(endpoint);

        await Store.Deliveries.ReleaseAsync([leased], default);

        var again = Assert.Single(await LeaseAllAsync(endpoint));
        Assert.Equal((leased.Id, 1), (again.Id, again.Leases));
    }

    [Fact]
    public async Task ReleaseAsync_LeasePassedToAnother_ChangesNothing()
    {
        var endpoint = (await DeclareAsync("one"))[0];
        var late = await MakeLeasedAsync(endpoint);
        await Store.AdvanceAsync(LeaseDuration + Slack);
        var owner = Assert.Single(await LeaseAllAsync(endpoint));

        await Store.Deliveries.ReleaseAsync([late], default);

        Assert.Empty(await LeaseAllAsync(endpoint));
        Assert.Empty(await CompleteAsync(Succeed(owner)));
    }

    [Fact]
    public async Task ReleaseAsync_CompletedDelivery_ChangesNothing()
    {
        var endpoint = (await DeclareAsync("one"))[0];
        var leased = await MakeLeasedAsync(endpoint);
        await CompleteAsync(Succeed(leased));

        await Store.Deliveries.ReleaseAsync([leased], default);
        await Store.Deliveries.ReleaseAsync([], default);

        Assert.Equal(DeliveryStatus.Succeeded, (await ReadAsync(leased)).Status);
        Assert.Empty(await LeaseAllAsync(endpoint));
    }

    [Fact]
    public async Task SkipDisabledAsync_EndpointNotDisabled_SkipsNothing()
    {
        var endpoint = (await DeclareAsync("one"))[0];
        await MakeDueAsync(endpoint, 2);
        Assert.Equal(0, await Store.Deliveries.SkipDisabledAsync(endpoint, 10, default));
        Assert.Equal(0, await Store.Deliveries.SkipDisabledAsync(Ids.NewEndpointId(), 10, default));

        await Store.Endpoints.SetStatusAsync(endpoint, EndpointStatus.Paused, EndpointStatusReason.ByUser, default);
        Assert.Equal(0, await Store.Deliveries.SkipDisabledAsync(endpoint, 10, default));

        await Store.Endpoints.SetStatusAsync(endpoint, EndpointStatus.Enabled, EndpointStatusReason.ByUser, default);
        Assert.Equal(2, (await LeaseAllAsync(endpoint)).Count);
    }

    [Fact]
    public async Task SkipDisabledAsync_DisabledEndpoint_SkipsDueAndFutureInBatches()
    {
        var endpoints = await DeclareAsync("disabled", "enabled");
        var made = await MakeAsync(endpoints[0], TimeSpan.Zero, TimeSpan.FromHours(1), TimeSpan.Zero, TimeSpan.FromDays(1), TimeSpan.Zero);
        await MakeDueAsync(endpoints[1], 1);
        await Store.Endpoints.SetStatusAsync(endpoints[0], EndpointStatus.Disabled, EndpointStatusReason.Gone, default);

        Assert.Equal(2, await Store.Deliveries.SkipDisabledAsync(endpoints[0], 2, default));
        Assert.Equal(2, await Store.Deliveries.SkipDisabledAsync(endpoints[0], 2, default));
        Assert.Equal(1, await Store.Deliveries.SkipDisabledAsync(endpoints[0], 2, default));
        Assert.Equal(0, await Store.Deliveries.SkipDisabledAsync(endpoints[0], 2, default));

        foreach (var one in made)
        {
            var delivery = Assert.Single(await Store.Deliveries.GetByMessageAsync(one.MessageId, default));
            Assert.Equal((DeliveryStatus.Skipped, DeliveryStatusReason.EndpointDisabled), (delivery.Status, delivery.Reason));
            Assert.Null(delivery.NextAttemptAt);
        }

        Assert.Equal([endpoints[1]], await SweepIdsAsync(null, 10));
        await Store.Endpoints.SetStatusAsync(endpoints[0], EndpointStatus.Enabled, EndpointStatusReason.ByUser, default);
        Assert.Empty(await LeaseAllAsync(endpoints[0]));
    }

    [Fact]
    public async Task SkipDisabledAsync_MoreThanAStoreWritesAtOnce_GivesFullBatchesUntilNothingIsLeft()
    {
        var endpoint = (await DeclareAsync("one"))[0];
        var made = await MakeDueAsync(endpoint, 130);
        await CompleteAsync([.. (await Store.Deliveries.LeaseAsync([new LeaseBudget(endpoint, 30, 30)], Ids.NewLeaseId(), LeaseDuration, default))
            .Select(leased => Fail(leased, TimeSpan.FromHours(1)))]);
        await Store.Endpoints.SetStatusAsync(endpoint, EndpointStatus.Disabled, EndpointStatusReason.Gone, default);

        Assert.Equal(120, await Store.Deliveries.SkipDisabledAsync(endpoint, 120, default));
        Assert.Equal(10, await Store.Deliveries.SkipDisabledAsync(endpoint, 120, default));

        foreach (var one in made)
        {
            Assert.Equal(DeliveryStatus.Skipped, Assert.Single(await Store.Deliveries.GetByMessageAsync(one.MessageId, default)).Status);
        }
    }

    [Fact]
    public async Task SkipDisabledAsync_LeasedDelivery_IsLeftToItsOwnerUntilTheLeaseEnds()
    {
        var endpoint = (await DeclareAsync("one"))[0];
        var leased = await MakeLeasedAsync(endpoint);
        await Store.Endpoints.SetStatusAsync(endpoint, EndpointStatus.Disabled, EndpointStatusReason.Gone, default);

        Assert.Equal(0, await Store.Deliveries.SkipDisabledAsync(endpoint, 10, default));
        await Store.AdvanceAsync(LeaseDuration + Slack);
        Assert.Equal(1, await Store.Deliveries.SkipDisabledAsync(endpoint, 10, default));

        // Its owner comes back too late: the skipped delivery stays skipped.
        Assert.Equal([leased.Id], await CompleteAsync(Succeed(leased)));
        Assert.Equal(DeliveryStatus.Skipped, (await ReadAsync(leased)).Status);
    }

    [Fact]
    public async Task GetByMessageAsync_UnknownMessage_GivesNothing()
    {
        Assert.Empty(await Store.Deliveries.GetByMessageAsync(Ids.NewMessageId(), default));
        Assert.Empty(await Store.Deliveries.GetAttemptsAsync(Ids.NewDeliveryId(), default));
    }

    private ValueTask<IReadOnlyList<LeasedDelivery>> LeaseAsync(params LeaseBudget[] budgets) =>
        LeaseAsync(Ids.NewLeaseId(), budgets);

    private ValueTask<IReadOnlyList<LeasedDelivery>> LeaseAsync(LeaseId leaseId, params LeaseBudget[] budgets) =>
        Store.Deliveries.LeaseAsync(budgets, leaseId, LeaseDuration, default);

    private async Task<EndpointId[]> SweepIdsAsync(EndpointId? after, int maxEndpoints) =>
        [.. (await Store.Deliveries.SweepAsync(after, maxEndpoints, default)).Select(due => due.EndpointId)];
}
