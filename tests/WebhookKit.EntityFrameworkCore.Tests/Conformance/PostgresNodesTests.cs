using System.Diagnostics;
using WebhookKit.Deliveries;
using WebhookKit.Endpoints;
using WebhookKit.Idempotency;
using WebhookKit.Identifiers;
using WebhookKit.Inbox;
using WebhookKit.Outbox;

namespace WebhookKit.EntityFrameworkCore.Tests.Conformance;

/// <summary>Two processes on one database, whose transactions really overlap: each waits inside its own until the other is there.</summary>
public sealed class PostgresNodesTests : IAsyncLifetime
{
    private PostgresNodes _nodes = null!;

    private PostgresHarness First => _nodes.First;

    private PostgresHarness Second => _nodes.Second;

    public async Task InitializeAsync() => _nodes = await PostgresNodes.CreateAsync();

    public async Task DisposeAsync() => await _nodes.DisposeAsync();

    [Fact]
    public async Task FanOut_WhileAnotherNodeHoldsMessages_TakesTheOthersAtOnce()
    {
        await _nodes.AppendAsync(10);
        await HoldAsync(5, fail: false, async () =>
        {
            Assert.Equal(5, (await Second.Outbox.FanOutPendingAsync(10, PostgresNodes.PlanNothing, default)).Taken);
            Assert.Equal(0, (await Second.Outbox.FanOutPendingAsync(10, PostgresNodes.PlanNothing, default)).Taken);
        });
        Assert.Equal(0, (await Second.Outbox.FanOutPendingAsync(10, PostgresNodes.PlanNothing, default)).Taken);
    }

    [Fact]
    public async Task FanOut_OtherNodeFails_TakesWhatItHeld()
    {
        await _nodes.AppendAsync(10);
        await HoldAsync(10, fail: true, async () =>
            Assert.Equal(0, (await Second.Outbox.FanOutPendingAsync(10, PostgresNodes.PlanNothing, default)).Taken));
        Assert.Equal(10, (await Second.Outbox.FanOutPendingAsync(10, PostgresNodes.PlanNothing, default)).Taken);
    }

    [Fact]
    public async Task FanOut_OtherNodeIsStoppedInTheMiddle_TakesWhatItHeldOnceItsTransactionIsEnded()
    {
        await _nodes.AppendAsync(5);
        await _nodes.AppendAsync(5, "a");
        var holding = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        using var release = new ManualResetEventSlim();
        var stopped = Task.Run(async () => await First.Outbox.FanOutPendingAsync(10, (_, _) =>
        {
            holding.SetResult();
            release.Wait(PostgresNodes.Patience);
            return [];
        }, default));
        await holding.Task.WaitAsync(PostgresNodes.Patience);

        var taken = 0;
        for (var watch = Stopwatch.StartNew(); taken < 10 && watch.Elapsed < PostgresNodes.Patience; await Task.Delay(100))
        {
            taken += (await Second.Outbox.FanOutPendingAsync(10, PostgresNodes.PlanNothing, default)).Taken;
        }

        Assert.Equal(10, taken);
        release.Set();
        await Assert.ThrowsAnyAsync<Exception>(() => stopped.WaitAsync(PostgresNodes.Patience));
    }

    [Fact]
    public async Task FanOut_WhileAnotherNodeHoldsAnOrderedMessage_LeavesTheLaterOnesAndTakesTheRest()
    {
        var endpoint = await _nodes.DeclareAsync();
        var first = await _nodes.AppendAsync(1, "a");
        var later = await _nodes.AppendAsync(1, "a");
        var unordered = await _nodes.AppendAsync(1);
        await HoldAsync(1, fail: false, async () =>
        {
            var taken = await Second.Outbox.FanOutPendingAsync(10, _nodes.PlanFor(endpoint), default);
            Assert.Equal([unordered[0].Id], taken.Messages.Select(message => message.Id));
            Assert.Equal(0, (await Second.Outbox.FanOutCommittedAsync(later, _nodes.PlanFor(endpoint), default)).Taken);
        }, _nodes.PlanFor(endpoint));
        Assert.Equal(later[0].Id, Assert.Single((await Second.Outbox.FanOutPendingAsync(10, _nodes.PlanFor(endpoint), default)).Messages).Id);

        var leased = await _nodes.LeaseAsync(Second, endpoint, 10);
        Assert.Equal(new[] { first[0].Id, unordered[0].Id }.Order(), leased.Select(delivery => delivery.MessageId).Order());
    }

    [Fact]
    public async Task Lease_WhileAnotherTransactionHoldsTheRows_PassesThemBy()
    {
        var endpoint = await _nodes.MakeDueAsync(20);
        var blocker = await First.LockDeliveriesAsync();
        Assert.Empty(await _nodes.LeaseAsync(Second, endpoint, 20));
        await blocker.DisposeAsync();

        var leased = await Task.WhenAll(new[] { First, Second }.Select(node =>
            Task.Run(async () => await _nodes.LeaseAsync(node, endpoint, 20)))).WaitAsync(PostgresNodes.Patience);

        var rest = await _nodes.LeaseAsync(Second, endpoint, 20);
        var all = leased.SelectMany(some => some).Concat(rest).ToArray();
        Assert.Equal(20, all.DistinctBy(one => one.Id).Count());
        Assert.Equal(20, all.Length);
        Assert.All(all, one => Assert.Equal(1, one.Leases));
    }

    [Fact]
    public async Task Complete_WhileTheLeasePassesToAnotherNode_IsFenced()
    {
        var endpoint = await _nodes.MakeDueAsync(1);
        var late = Assert.Single(await _nodes.LeaseAsync(First, endpoint, 1));
        await Second.AdvanceAsync(TimeSpan.FromHours(1));
        var owner = Assert.Single(await _nodes.LeaseAsync(Second, endpoint, 1));
        // Both write at the same instant, once the rows are let go.
        var blocker = await First.LockDeliveriesAsync();
        var completions = new[] { (First, late), (Second, owner) }.Select(pair => Task.Run(async () =>
            await pair.Item1.Deliveries.CompleteAsync([PostgresNodes.Succeed(pair.Item2)], [], default))).ToArray();
        await First.WaitUntilBlockedAsync();
        await blocker.DisposeAsync();

        var given = await Task.WhenAll(completions).WaitAsync(PostgresNodes.Patience);
        Assert.Equal([late.Id], given[0]);
        Assert.Empty(given[1]);
    }

    [Fact]
    public async Task Execute_OtherNodeHandlesTheSameEvent_IsBusyAfterTheWaitAndThenADuplicate()
    {
        var claim = new WebhookClaim("shop", null, "evt_1", ClaimDefaults.Memory);
        var handling = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var release = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var first = Task.Run(async () => await First.HandlerTransaction.ExecuteAsync(claim, async (scope, _) =>
        {
            await First.RecordEffectAsync(scope, "first");
            handling.SetResult();
            await release.Task;
        }, default));
        await handling.Task.WaitAsync(PostgresNodes.Patience);
        var watch = Stopwatch.StartNew();

        Assert.Equal(HandlingResult.Busy, await HandleSecondAsync());

        Assert.InRange(watch.Elapsed, ClaimDefaults.BusyWait - TimeSpan.FromSeconds(0.5), ClaimDefaults.BusyWait + TimeSpan.FromSeconds(25));
        var waiting = Task.Run(async () =>
        {
            // Should the machine be so busy that the wait ends before the commit, it comes again, as its sender would.
            HandlingResult result;
            while ((result = await HandleSecondAsync()) == HandlingResult.Busy)
            {
            }

            return result;
        });
        await First.WaitUntilBlockedAsync();
        release.SetResult();
        Assert.Equal(HandlingResult.Handled, await first.WaitAsync(PostgresNodes.Patience));
        Assert.Equal(HandlingResult.Duplicate, await waiting.WaitAsync(PostgresNodes.Patience));
        Assert.Equal(1, await First.CountEffectsAsync());

        async Task<HandlingResult> HandleSecondAsync() =>
            await Second.HandlerTransaction.ExecuteAsync(claim, (scope, _) => Second.RecordEffectAsync(scope, "second"), default);
    }

    [Fact]
    public async Task Execute_HandlerWaitsForALockOfTheHost_IsNotBoundByTheClaimsWait()
    {
        string? bound = null;
        await First.HandlerTransaction.ExecuteAsync(
            new WebhookClaim("shop", null, "evt_1", ClaimDefaults.Memory),
            async (scope, _) => bound = await PostgresHarness.ReadLockTimeoutAsync(scope),
            default);

        Assert.Equal("0", bound);
    }

    [Fact]
    public async Task Append_SameKeyOnManyConnections_GivesEveryoneTheFirstId()
    {
        for (var round = 0; round < 5; round++)
        {
            var ids = await Task.WhenAll(Enumerable.Range(0, 8).Select(i => Task.Run(async () =>
                (await (i % 2 == 0 ? First : Second).Outbox.AppendAsync([_nodes.NewMessage($"order-{round}")], default))[0])));

            Assert.Single(ids.Distinct());
        }

        Assert.Equal(5, (await First.Outbox.FanOutPendingAsync(100, PostgresNodes.PlanNothing, default)).Taken);
    }

    [Fact]
    public async Task AppendInbox_SameClaimsInOppositeOrders_AcceptsEachOnce()
    {
        var entries = Enumerable.Range(0, 20).Select(i => new InboxEntry
        {
            Claim = new WebhookClaim("shop", null, $"evt_{i}", ClaimDefaults.Memory),
            EventType = "order.paid",
            Payload = "{}"u8.ToArray(),
        }).ToArray();

        var results = await Task.WhenAll(
            Task.Run(async () => await First.Inbox.AppendAsync(entries, default)),
            Task.Run(async () => await Second.Inbox.AppendAsync([.. entries.Reverse()], default)));

        Assert.Equal(20, results.SelectMany(some => some).Count(result => result == InboxAppendResult.Accepted));
    }

    /// <summary>Lets the first node hold messages inside its fan-out while the second does something.</summary>
    private async Task HoldAsync(int messages, bool fail, Func<Task> meanwhile, FanOutPlanner? planner = null)
    {
        var holding = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        using var release = new ManualResetEventSlim();
        var first = Task.Run(async () => await First.Outbox.FanOutPendingAsync(messages, (taken, endpoints) =>
        {
            holding.SetResult();
            release.Wait(PostgresNodes.Patience);
            return fail ? throw new InvalidTimeZoneException("planning") : (planner ?? PostgresNodes.PlanNothing)(taken, endpoints);
        }, default));
        await holding.Task.WaitAsync(PostgresNodes.Patience);
        await meanwhile().WaitAsync(PostgresNodes.Patience);
        release.Set();
        if (fail)
        {
            await Assert.ThrowsAsync<InvalidTimeZoneException>(() => first.WaitAsync(PostgresNodes.Patience));
        }
        else
        {
            Assert.Equal(messages, (await first.WaitAsync(PostgresNodes.Patience)).Taken);
        }
    }
}
