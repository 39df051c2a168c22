using WebhookKit.Deliveries;
using WebhookKit.Endpoints;

namespace WebhookKit.StoreConformance.Deliveries;

/// <summary>What every delivery store promises about outcomes: fencing, attempt numbers, statuses and endpoint health.</summary>
public abstract class CompletionSuite : DeliverySuite
{
    [Fact]
    public async Task CompleteAsync_Succeeded_IsFinalAndRecordsTheAttempt()
    {
        var leased = await MakeLeasedAsync((await DeclareAsync("one"))[0]);
        var attempt = NewAttempt() with { StatusCode = 204, Response = "ok"u8.ToArray(), Error = "none", Number = 77 };

        Assert.Empty(await CompleteAsync(Succeed(leased) with { Attempt = attempt }));

        var delivery = await ReadAsync(leased);
        Assert.Equal((DeliveryStatus.Succeeded, DeliveryStatusReason.None, 1), (delivery.Status, delivery.Reason, delivery.Attempts));
        Assert.Null(delivery.NextAttemptAt);
        var recorded = Assert.Single(await Store.Deliveries.GetAttemptsAsync(leased.Id, default));
        Assert.Equal(attempt.Response.ToArray(), recorded.Response.ToArray());
        Assert.Equal(attempt with { Response = default, Number = 1 }, recorded with { Response = default });
        await Store.AdvanceAsync(LeaseDuration + Slack);
        Assert.Empty(await LeaseAllAsync(leased.EndpointId));
    }

    [Theory]
    [InlineData(DeliveryStatus.DeadLettered, DeliveryStatusReason.Exhausted)]
    [InlineData(DeliveryStatus.DeadLettered, DeliveryStatusReason.EndpointGone)]
    [InlineData(DeliveryStatus.Canceled, DeliveryStatusReason.EndpointDeleted)]
    public async Task CompleteAsync_FinalStatus_KeepsItsReason(DeliveryStatus status, DeliveryStatusReason reason)
    {
        var leased = await MakeLeasedAsync((await DeclareAsync("one"))[0]);

        await CompleteAsync(Fail(leased) with { Status = status, Reason = reason });

        var delivery = await ReadAsync(leased);
        Assert.Equal((status, reason), (delivery.Status, delivery.Reason));
        Assert.Null(delivery.NextAttemptAt);
        Assert.Empty(await LeaseAllAsync(leased.EndpointId));
    }

    [Fact]
    public async Task CompleteAsync_WithoutAttempt_RecordsAndCountsNone()
    {
        var leased = await MakeLeasedAsync((await DeclareAsync("one"))[0]);

        await CompleteAsync(Fail(leased) with
        {
            Attempt = null,
            Status = DeliveryStatus.DeadLettered,
            Reason = DeliveryStatusReason.Abandoned,
        });

        var delivery = await ReadAsync(leased);
        Assert.Equal((DeliveryStatus.DeadLettered, DeliveryStatusReason.Abandoned, 0), (delivery.Status, delivery.Reason, delivery.Attempts));
        Assert.Empty(await Store.Deliveries.GetAttemptsAsync(leased.Id, default));
    }

    [Fact]
    public async Task CompleteAsync_Pending_FallsDueThenWithTheNextNumberAndFreshLeases()
    {
        var endpoint = (await DeclareAsync("one"))[0];
        var leased = await MakeLeasedAsync(endpoint);
        var before = (await ReadAsync(leased)).NextAttemptAt!.Value;
        for (var attempts = 1; attempts <= 3; attempts++)
        {
            await CompleteAsync(Fail(leased, TimeSpan.FromHours(1)));

            var delivery = await ReadAsync(leased);
            Assert.Equal((DeliveryStatus.Pending, attempts), (delivery.Status, delivery.Attempts));
            AssertClose(TimeSpan.FromHours(1), delivery.NextAttemptAt!.Value - before);
            before = delivery.NextAttemptAt.Value;
            await Store.AdvanceAsync(TimeSpan.FromHours(1) - Slack);
            Assert.Empty(await LeaseAllAsync(endpoint));
            await Store.AdvanceAsync(Slack);
            leased = Assert.Single(await LeaseAllAsync(endpoint));
            Assert.Equal((attempts, 1), (leased.Attempts, leased.Leases));
        }

        var attemptsMade = await Store.Deliveries.GetAttemptsAsync(leased.Id, default);
        Assert.Equal([1, 2, 3], attemptsMade.Select(attempt => attempt.Number));
    }

    [Fact]
    public async Task CompleteAsync_LeaseEndedButNobodyTookIt_IsWritten()
    {
        var leased = await MakeLeasedAsync((await DeclareAsync("one"))[0]);
        await Store.AdvanceAsync(LeaseDuration + Slack);

        Assert.Empty(await CompleteAsync(Succeed(leased)));

        Assert.Equal(DeliveryStatus.Succeeded, (await ReadAsync(leased)).Status);
    }

    [Fact]
    public async Task CompleteAsync_LateOwner_AddsItsAttemptAndChangesNothingElse()
    {
        var endpoint = (await DeclareAsync("one"))[0];
        var late = await MakeLeasedAsync(endpoint);
        await Store.AdvanceAsync(LeaseDuration + Slack);
        var owner = Assert.Single(await LeaseAllAsync(endpoint));
        var before = await ReadAsync(late);

        Assert.Equal([late.Id], await Store.Deliveries.CompleteAsync(
            [Succeed(late)],
            [new EndpointHealth
            {
                EndpointId = endpoint,
                Successes = 1,
                SlowDownFor = TimeSpan.FromHours(9),
                DisableBecause = EndpointStatusReason.Gone,
            }],
            default));

        Assert.Equal(before, await ReadAsync(late));
        var recorded = Assert.Single(await Store.Deliveries.GetAttemptsAsync(late.Id, default));
        Assert.Equal((true, null, AttemptOutcome.Succeeded), (recorded.IsLate, recorded.Number, recorded.Outcome));
        Assert.Empty(await Store.Endpoints.GetStatesAsync([endpoint], default));
        Assert.Equal(EndpointStatus.Enabled, (await ReadEndpointAsync(endpoint)).Status);

        Assert.Empty(await CompleteAsync(Fail(owner, TimeSpan.FromHours(1))));
        var attempts = await Store.Deliveries.GetAttemptsAsync(late.Id, default);
        Assert.Equal([(true, null), (false, 1)], attempts.Select(attempt => (attempt.IsLate, attempt.Number)));
        Assert.Equal(1, (await ReadAsync(late)).Attempts);
    }

    [Fact]
    public async Task CompleteAsync_LateOwnerOfAFinishedDelivery_CannotReviveIt()
    {
        var endpoint = (await DeclareAsync("one"))[0];
        var late = await MakeLeasedAsync(endpoint);
        await Store.AdvanceAsync(LeaseDuration + Slack);
        await CompleteAsync(Succeed(Assert.Single(await LeaseAllAsync(endpoint))));

        Assert.Equal([late.Id], await CompleteAsync(Fail(late)));

        Assert.Equal((DeliveryStatus.Succeeded, 1), ((await ReadAsync(late)).Status, (await ReadAsync(late)).Attempts));
        Assert.Empty(await LeaseAllAsync(endpoint));
    }

    [Fact]
    public async Task CompleteAsync_LateAndCurrentOwnerInOneBatch_TellsThemApart()
    {
        var endpoint = (await DeclareAsync("one"))[0];
        var late = await MakeLeasedAsync(endpoint);
        await Store.AdvanceAsync(LeaseDuration + Slack);
        var owner = Assert.Single(await LeaseAllAsync(endpoint));

        Assert.Equal([late.Id], await CompleteAsync(Fail(late), Succeed(owner)));

        Assert.Equal((DeliveryStatus.Succeeded, 1), ((await ReadAsync(late)).Status, (await ReadAsync(late)).Attempts));
        var attempts = await Store.Deliveries.GetAttemptsAsync(late.Id, default);
        Assert.Equal(1, attempts.Count(attempt => attempt.IsLate));
        Assert.Equal(1, attempts.Single(attempt => !attempt.IsLate).Number);
    }

    [Fact]
    public async Task CompleteAsync_ReleasedLease_IsLate()
    {
        var endpoint = (await DeclareAsync("one"))[0];
        var leased = await MakeLeasedAsync(endpoint);
        await Store.Deliveries.ReleaseAsync([leased], default);

        Assert.Equal([leased.Id], await CompleteAsync(Succeed(leased)));

        Assert.Equal(DeliveryStatus.Pending, (await ReadAsync(leased)).Status);
    }

    [Fact]
    public async Task CompleteAsync_SameBatchAgain_ChangesNothing()
    {
        var endpoint = (await DeclareAsync("one"))[0];
        var leased = await MakeLeasedAsync(endpoint);
        var completion = Fail(leased, TimeSpan.FromHours(1));
        var health = new EndpointHealth { EndpointId = endpoint, Failures = 1 };
        await Store.Deliveries.CompleteAsync([completion], [health], default);

        await Store.Deliveries.CompleteAsync([completion], [health], default);

        var attempt = Assert.Single(await Store.Deliveries.GetAttemptsAsync(leased.Id, default));
        Assert.Equal((1, false), (attempt.Number, attempt.IsLate));
        Assert.Equal(1, (await ReadAsync(leased)).Attempts);
        Assert.Equal(1, (await ReadStateAsync(endpoint)).ConsecutiveFailures);
    }

    [Fact]
    public async Task CompleteAsync_DeliveryThatDoesNotExist_IsGivenBackAndTheOthersWritten()
    {
        var leased = await MakeLeasedAsync((await DeclareAsync("one"))[0]);
        var missing = leased with { Id = Ids.NewDeliveryId() };

        Assert.Equal([missing.Id], await CompleteAsync(Succeed(missing), Succeed(leased)));

        Assert.Equal(DeliveryStatus.Succeeded, (await ReadAsync(leased)).Status);
        Assert.Empty(await Store.Deliveries.GetAttemptsAsync(missing.Id, default));
    }

    [Fact]
    public async Task CompleteAsync_ManyDeliveries_WritesEachItsOwn()
    {
        var endpoints = await DeclareAsync("one", "two");
        await MakeDueAsync(endpoints[0], 40);
        await MakeDueAsync(endpoints[1], 40);
        var leased = await LeaseAllAsync(endpoints);

        Assert.Empty(await CompleteAsync([.. leased.Select((one, i) => i % 2 == 0 ? Succeed(one) : Fail(one, TimeSpan.FromHours(1)))]));

        for (var i = 0; i < leased.Count; i++)
        {
            Assert.Equal(i % 2 == 0 ? DeliveryStatus.Succeeded : DeliveryStatus.Pending, (await ReadAsync(leased[i])).Status);
            Assert.Single(await Store.Deliveries.GetAttemptsAsync(leased[i].Id, default));
        }
    }

    [Fact]
    public async Task CompleteAsync_FromManyTasks_LosesNothing()
    {
        var endpoint = (await DeclareAsync("one"))[0];
        await MakeDueAsync(endpoint, 60);
        var batches = (await LeaseAllAsync(endpoint)).Chunk(6).ToArray();

        await Task.WhenAll(batches.Select(batch => Task.Run(async () => Assert.Empty(await Store.Deliveries.CompleteAsync(
            [.. batch.Select(leased => Fail(leased))],
            [new EndpointHealth { EndpointId = endpoint, Failures = batch.Length, Policy = new EndpointHealthPolicy { CircuitFailureRatio = 2 } }],
            default)))));

        Assert.Equal(60, (await ReadStateAsync(endpoint)).ConsecutiveFailures);
        Assert.All(await LeaseAllAsync(endpoint), leased => Assert.Equal(1, leased.Attempts));
    }

    [Fact]
    public async Task CompleteAsync_NothingToWrite_WritesNothing() =>
        Assert.Empty(await Store.Deliveries.CompleteAsync([], [], default));

    [Fact]
    public async Task CompleteAsync_Failures_AddUpAndKeepTheirBeginning()
    {
        var endpoint = (await DeclareAsync("one"))[0];
        await WriteHealthAsync(new EndpointHealth { EndpointId = endpoint, Failures = 2 });
        var first = await ReadStateAsync(endpoint);
        Assert.Equal((2, null), (first.ConsecutiveFailures, first.LastSuccessAt));
        Assert.NotNull(first.FailingSince);
        await Store.AdvanceAsync(TimeSpan.FromHours(1));

        await WriteHealthAsync(new EndpointHealth { EndpointId = endpoint, Failures = 3 });

        var second = await ReadStateAsync(endpoint);
        Assert.Equal((5, first.FailingSince, null), (second.ConsecutiveFailures, second.FailingSince, second.LastSuccessAt));
    }

    [Fact]
    public async Task CompleteAsync_Success_EndsTheRowOfFailures()
    {
        var endpoint = (await DeclareAsync("one"))[0];
        await WriteHealthAsync(new EndpointHealth { EndpointId = endpoint, Failures = 2 });
        var failingSince = (await ReadStateAsync(endpoint)).FailingSince!.Value;
        await Store.AdvanceAsync(TimeSpan.FromHours(1));

        await WriteHealthAsync(new EndpointHealth { EndpointId = endpoint, Failures = 1, Successes = 1 });

        var state = await ReadStateAsync(endpoint);
        Assert.Equal((0, null), (state.ConsecutiveFailures, state.FailingSince));
        AssertClose(TimeSpan.FromHours(1), state.LastSuccessAt!.Value - failingSince);

        await Store.AdvanceAsync(TimeSpan.FromHours(1));
        await WriteHealthAsync(new EndpointHealth { EndpointId = endpoint, Failures = 1 });
        var failing = await ReadStateAsync(endpoint);
        Assert.Equal((1, state.LastSuccessAt), (failing.ConsecutiveFailures, failing.LastSuccessAt));
        AssertClose(TimeSpan.FromHours(2), failing.FailingSince!.Value - failingSince);
    }

    [Fact]
    public async Task CompleteAsync_SlowDown_KeepsTheLaterEnd()
    {
        var endpoint = (await DeclareAsync("one"))[0];
        await WriteHealthAsync(new EndpointHealth { EndpointId = endpoint, Failures = 1 });
        Assert.Null((await ReadStateAsync(endpoint)).SlowedDownUntil);
        var owned = await MakeOwnedAsync(endpoint, 3);

        await Store.Deliveries.CompleteAsync([Fail(owned[0])], [SlowDown(TimeSpan.FromHours(2))], default);
        var until = (await ReadStateAsync(endpoint)).SlowedDownUntil;
        await Store.Deliveries.CompleteAsync([Fail(owned[1])], [SlowDown(TimeSpan.FromHours(1))], default);
        Assert.Equal(until, (await ReadStateAsync(endpoint)).SlowedDownUntil);

        await Store.Deliveries.CompleteAsync([Fail(owned[2])], [SlowDown(TimeSpan.FromHours(3))], default);
        AssertClose(TimeSpan.FromHours(1), (await ReadStateAsync(endpoint)).SlowedDownUntil!.Value - until!.Value);
        Assert.True((await ReadEndpointAsync(endpoint)).IsSlowedDown);
        await Store.AdvanceAsync(TimeSpan.FromHours(4));
        Assert.False((await ReadEndpointAsync(endpoint)).IsSlowedDown);

        EndpointHealth SlowDown(TimeSpan by) => new() { EndpointId = endpoint, Failures = 1, SlowDownFor = by };
    }

    [Fact]
    public async Task CompleteAsync_SeveralEndpoints_WritesEachItsOwnHealth()
    {
        var endpoints = await DeclareAsync("one", "two");
        var one = await MakeLeasedAsync(endpoints[0]);
        var two = await MakeLeasedAsync(endpoints[1]);

        await Store.Deliveries.CompleteAsync(
            [Succeed(one), Fail(two)],
            [
                new EndpointHealth { EndpointId = endpoints[0], Successes = 1 },
                new EndpointHealth { EndpointId = endpoints[1], Failures = 1 },
            ],
            default);

        var states = await Store.Endpoints.GetStatesAsync([.. endpoints, Ids.NewEndpointId()], default);
        Assert.Equal(2, states.Count);
        Assert.Equal(0, states.Single(state => state.EndpointId == endpoints[0]).ConsecutiveFailures);
        Assert.Equal(1, states.Single(state => state.EndpointId == endpoints[1]).ConsecutiveFailures);
    }

    [Fact]
    public async Task CompleteAsync_DisableBecauseGone_DisablesTheEndpointWithTheReason()
    {
        var endpoint = (await DeclareAsync("one"))[0];
        var owned = await MakeOwnedAsync(endpoint, 1);
        await MakeDueAsync(endpoint, 2);

        await Store.Deliveries.CompleteAsync(
            [Fail(owned[0]) with { Status = DeliveryStatus.DeadLettered, Reason = DeliveryStatusReason.EndpointGone }],
            [new EndpointHealth { EndpointId = endpoint, Failures = 1, DisableBecause = EndpointStatusReason.Gone }],
            default);

        var disabled = await ReadEndpointAsync(endpoint);
        Assert.Equal((EndpointStatus.Disabled, EndpointStatusReason.Gone), (disabled.Status, disabled.StatusReason));
        Assert.Empty(await LeaseAllAsync(endpoint));
        Assert.Equal(2, await Store.Deliveries.SkipDisabledAsync(endpoint, 10, default));
        Assert.Equal(DeliveryStatusReason.EndpointGone, (await ReadAsync(owned[0])).Reason);
    }

    [Fact]
    public async Task CompleteAsync_EndpointThatDoesNotExist_IsNoReasonToFail()
    {
        var leased = await MakeLeasedAsync((await DeclareAsync("one"))[0]);

        Assert.Empty(await Store.Deliveries.CompleteAsync(
            [Succeed(leased)],
            [new EndpointHealth { EndpointId = Ids.NewEndpointId(), Failures = 1, DisableBecause = EndpointStatusReason.Gone }],
            default));

        Assert.Equal(DeliveryStatus.Succeeded, (await ReadAsync(leased)).Status);
    }

    private async Task<IReadOnlyList<LeasedDelivery>> MakeOwnedAsync(EndpointId endpoint, int count)
    {
        await MakeDueAsync(endpoint, count);
        return await LeaseAllAsync(endpoint);
    }
}
