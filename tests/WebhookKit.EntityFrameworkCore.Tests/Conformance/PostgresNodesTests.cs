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
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly IdGenerator _ids = new(TimeProvider.System);
    private PostgresHarness _first = null!;
    private PostgresHarness _second = null!;

    public async Task InitializeAsync()
    {
        _first = await PostgresHarness.CreateFirstAsync();
        _second = _first.CreateSecond();
    }

    public async Task DisposeAsync()
    {
        await _second.DisposeAsync();
        await _first.DisposeAsync();
    }

    [Fact]
    public async Task FanOut_WhileAnotherNodeHoldsTheSameMessages_TakesNoneOfThem()
    {
        var messages = await AppendAsync(10);
        var holding = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var release = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var first = Task.Run(async () => await _first.Outbox.FanOutPendingAsync(10, async (_, _) =>
        {
            holding.SetResult();
            await release.Task;
            return [];
        }, default));
        await holding.Task.WaitAsync(Patience);
        var second = Task.Run(async () => await _second.Outbox.FanOutPendingAsync(10, PlanNothing, default));
        await _first.WaitUntilBlockedAsync();
        Assert.False(second.IsCompleted);

        release.SetResult();

        Assert.Equal(messages.Length, (await first.WaitAsync(Patience)).Taken);
        Assert.Equal(0, (await second.WaitAsync(Patience)).Taken);
    }

    [Fact]
    public async Task FanOut_OtherNodeFails_TakesWhatItHeld()
    {
        var messages = await AppendAsync(10);
        var holding = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var release = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var first = Task.Run(async () => await _first.Outbox.FanOutPendingAsync(10, async (_, _) =>
        {
            holding.SetResult();
            await release.Task;
            throw new InvalidTimeZoneException("planning");
        }, default));
        await holding.Task.WaitAsync(Patience);
        var second = Task.Run(async () => await _second.Outbox.FanOutPendingAsync(10, PlanNothing, default));
        await _first.WaitUntilBlockedAsync();

        release.SetResult();

        await Assert.ThrowsAsync<InvalidTimeZoneException>(() => first.WaitAsync(Patience));
        Assert.Equal(messages.Length, (await second.WaitAsync(Patience)).Taken);
    }

    [Fact]
    public async Task Lease_WhileAnotherTransactionHoldsTheRows_GivesEachDeliveryToOneNode()
    {
        var endpoint = await MakeDueAsync(20);
        // Both nodes have chosen the same rows by the time the lock goes away.
        var blocker = await _first.LockDeliveriesAsync();
        var leases = new[] { _first, _second }
            .Select(node => Task.Run(async () => await LeaseAsync(node, endpoint, 20))).ToArray();
        await _first.WaitUntilBlockedAsync(transactions: 2);

        await blocker.DisposeAsync();

        var leased = await Task.WhenAll(leases).WaitAsync(Patience);
        Assert.Equal([0, 20], leased.Select(some => some.Count).Order());
        Assert.All(leased.SelectMany(some => some), one => Assert.Equal(1, one.Leases));
    }

    [Fact]
    public async Task Complete_WhileTheLeasePassesToAnotherNode_IsFenced()
    {
        var endpoint = await MakeDueAsync(1);
        var late = Assert.Single(await LeaseAsync(_first, endpoint, 1));
        await _second.AdvanceAsync(TimeSpan.FromHours(1));
        var blocker = await _first.LockDeliveriesAsync();
        var lease = Task.Run(async () => await LeaseAsync(_second, endpoint, 1));
        await _first.WaitUntilBlockedAsync();
        var completion = Task.Run(async () => await _first.Deliveries.CompleteAsync([Succeed(late)], [], default));
        await _first.WaitUntilBlockedAsync(transactions: 2);

        await blocker.DisposeAsync();

        var owner = Assert.Single(await lease.WaitAsync(Patience));
        Assert.Equal([late.Id], await completion.WaitAsync(Patience));
        Assert.Empty(await _second.Deliveries.CompleteAsync([Succeed(owner)], [], default));
    }

    [Fact]
    public async Task Execute_OtherNodeHandlesTheSameEvent_IsBusyAfterTheWaitAndThenADuplicate()
    {
        var claim = new WebhookClaim("shop", null, "evt_1", ClaimDefaults.Memory);
        var handling = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var release = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var first = Task.Run(async () => await _first.HandlerTransaction.ExecuteAsync(claim, async (scope, _) =>
        {
            await _first.RecordEffectAsync(scope, "first");
            handling.SetResult();
            await release.Task;
        }, default));
        await handling.Task.WaitAsync(Patience);
        var watch = Stopwatch.StartNew();

        Assert.Equal(HandlingResult.Busy, await HandleSecondAsync());

        Assert.InRange(watch.Elapsed, ClaimDefaults.BusyWait - TimeSpan.FromSeconds(0.5), ClaimDefaults.BusyWait + TimeSpan.FromSeconds(3));
        var waiting = Task.Run(HandleSecondAsync);
        await _first.WaitUntilBlockedAsync();
        release.SetResult();
        Assert.Equal(HandlingResult.Handled, await first.WaitAsync(Patience));
        Assert.Equal(HandlingResult.Duplicate, await waiting.WaitAsync(Patience));
        Assert.Equal(1, await _first.CountEffectsAsync());

        async Task<HandlingResult> HandleSecondAsync() =>
            await _second.HandlerTransaction.ExecuteAsync(claim, (scope, _) => _second.RecordEffectAsync(scope, "second"), default);
    }

    [Fact]
    public async Task Execute_HandlerWaitsForALockOfTheHost_IsNotBoundByTheClaimsWait()
    {
        string? bound = null;
        await _first.HandlerTransaction.ExecuteAsync(
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
                (await (i % 2 == 0 ? _first : _second).Outbox.AppendAsync([NewMessage($"order-{round}")], default))[0])));

            Assert.Single(ids.Distinct());
        }

        Assert.Equal(5, (await _first.Outbox.FanOutPendingAsync(100, PlanNothing, default)).Taken);
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
            Task.Run(async () => await _first.Inbox.AppendAsync(entries, default)),
            Task.Run(async () => await _second.Inbox.AppendAsync([.. entries.Reverse()], default)));

        Assert.Equal(20, results.SelectMany(some => some).Count(result => result == InboxAppendResult.Accepted));
    }

    private static ValueTask<IReadOnlyList<NewDelivery>> PlanNothing(
        IReadOnlyList<WebhookMessage> messages, CancellationToken cancellationToken) => new([]);

    private static DeliveryCompletion Succeed(LeasedDelivery leased) =>
        new() { Delivery = leased, Status = DeliveryStatus.Succeeded };

    private async Task<IReadOnlyList<LeasedDelivery>> LeaseAsync(PostgresHarness node, EndpointId endpoint, int count) =>
        await node.Deliveries.LeaseAsync([new LeaseBudget(endpoint, count, count)], _ids.NewLeaseId(), TimeSpan.FromMinutes(10), default);

    private async Task<EndpointId> MakeDueAsync(int count)
    {
        var endpoint = new WebhookEndpoint { Id = EndpointId.Declared(null, "one"), Name = "one", Url = "https://one.example", EventTypes = ["*"] };
        await _first.Endpoints.DeclareAsync([endpoint], deployment: 1, default);
        await AppendAsync(count);
        await _first.Outbox.FanOutPendingAsync(count, (messages, _) => new([.. messages.Select(message =>
            new NewDelivery { Id = _ids.NewDeliveryId(), MessageId = message.Id, EndpointId = endpoint.Id })]), default);
        return endpoint.Id;
    }

    private async Task<WebhookMessage[]> AppendAsync(int count)
    {
        WebhookMessage[] messages = [.. Enumerable.Range(0, count).Select(_ => NewMessage(key: null))];
        await _first.Outbox.AppendAsync(messages, default);
        return messages;
    }

    private WebhookMessage NewMessage(string? key) => new()
    {
        Id = _ids.NewMessageId(),
        EventType = "order.paid",
        Payload = "{}"u8.ToArray(),
        OccurredAt = DateTimeOffset.UnixEpoch,
        IdempotencyKey = key,
    };
}
