using WebhookKit.EntityFrameworkCore.Dialects;

namespace WebhookKit.EntityFrameworkCore.Tests.Conformance;

/// <summary>The portable statements in two transactions that really overlap: who comes second waits, and then finds what is left.</summary>
public sealed class PortablePostgresNodesTests : IAsyncLifetime
{
    private PostgresNodes _nodes = null!;

    private PostgresHarness First => _nodes.First;

    private PostgresHarness Second => _nodes.Second;

    public async Task InitializeAsync() => _nodes = await PostgresNodes.CreateAsync(Dialect.Portable);

    public async Task DisposeAsync() => await _nodes.DisposeAsync();

    [Fact]
    public async Task FanOut_WhileAnotherNodeHoldsTheSameMessages_TakesNoneOfThem()
    {
        var messages = await _nodes.AppendAsync(10);
        var holding = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        using var release = new ManualResetEventSlim();
        var first = Task.Run(async () => await First.Outbox.FanOutPendingAsync(10, (_, _) =>
        {
            holding.SetResult();
            release.Wait(PostgresNodes.Patience);
            return [];
        }, default));
        await holding.Task.WaitAsync(PostgresNodes.Patience);
        var second = Task.Run(async () => await Second.Outbox.FanOutPendingAsync(10, PostgresNodes.PlanNothing, default));
        await First.WaitUntilBlockedAsync();
        Assert.False(second.IsCompleted);

        release.Set();

        Assert.Equal(messages.Length, (await first.WaitAsync(PostgresNodes.Patience)).Taken);
        Assert.Equal(0, (await second.WaitAsync(PostgresNodes.Patience)).Taken);
    }

    [Fact]
    public async Task FanOut_OtherNodeFails_TakesWhatItHeld()
    {
        var messages = await _nodes.AppendAsync(10);
        var holding = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        using var release = new ManualResetEventSlim();
        var first = Task.Run(async () => await First.Outbox.FanOutPendingAsync(10, (_, _) =>
        {
            holding.SetResult();
            release.Wait(PostgresNodes.Patience);
            throw new InvalidTimeZoneException("planning");
        }, default));
        await holding.Task.WaitAsync(PostgresNodes.Patience);
        var second = Task.Run(async () => await Second.Outbox.FanOutPendingAsync(10, PostgresNodes.PlanNothing, default));
        await First.WaitUntilBlockedAsync();

        release.Set();

        await Assert.ThrowsAsync<InvalidTimeZoneException>(() => first.WaitAsync(PostgresNodes.Patience));
        Assert.Equal(messages.Length, (await second.WaitAsync(PostgresNodes.Patience)).Taken);
    }

    [Fact]
    public async Task Lease_WhileAnotherTransactionHoldsTheRows_GivesEachDeliveryToOneNode()
    {
        var endpoint = await _nodes.MakeDueAsync(20);
        // Both nodes have chosen the same rows by the time the lock goes away.
        var blocker = await First.LockDeliveriesAsync();
        var leases = new[] { First, Second }
            .Select(node => Task.Run(async () => await _nodes.LeaseAsync(node, endpoint, 20))).ToArray();
        await First.WaitUntilBlockedAsync(transactions: 2);

        await blocker.DisposeAsync();

        var leased = await Task.WhenAll(leases).WaitAsync(PostgresNodes.Patience);
        Assert.Equal([0, 20], leased.Select(some => some.Count).Order());
        Assert.All(leased.SelectMany(some => some), one => Assert.Equal(1, one.Leases));
    }

    [Fact]
    public async Task Complete_WhileTheLeasePassesToAnotherNode_IsFenced()
    {
        var endpoint = await _nodes.MakeDueAsync(1);
        var late = Assert.Single(await _nodes.LeaseAsync(First, endpoint, 1));
        await Second.AdvanceAsync(TimeSpan.FromHours(1));
        var blocker = await First.LockDeliveriesAsync();
        var lease = Task.Run(async () => await _nodes.LeaseAsync(Second, endpoint, 1));
        await First.WaitUntilBlockedAsync();
        var completion = Task.Run(async () => await First.Deliveries.CompleteAsync([PostgresNodes.Succeed(late)], [], default));
        await First.WaitUntilBlockedAsync(transactions: 2);

        await blocker.DisposeAsync();

        var owner = Assert.Single(await lease.WaitAsync(PostgresNodes.Patience));
        Assert.Equal([late.Id], await completion.WaitAsync(PostgresNodes.Patience));
        Assert.Empty(await Second.Deliveries.CompleteAsync([PostgresNodes.Succeed(owner)], [], default));
    }
}
