using System.Collections.Concurrent;
using System.Text;
using WebhookKit.Idempotency;
using WebhookKit.Inbox;

namespace WebhookKit.StoreConformance.Inbox;

/// <summary>What every inbox promises: one entry per claim, leased by one owner at a time until it is handled.</summary>
public abstract class InboxStoreSuite : StoreSuite
{
    [Fact]
    public async Task AppendAsync_NewEvent_IsAcceptedPendingAndClaimed()
    {
        var entry = NewEntry("evt_1", "acme");

        Assert.Equal([InboxAppendResult.Accepted], await Store.Inbox.AppendAsync([entry], default));

        Assert.Equal(InboxStatus.Pending, await Store.Inbox.GetStatusAsync("stripe", "acme", "evt_1", default));
        Assert.True(await Store.Claims.IsClaimedAsync("stripe", "acme", "evt_1", default));
        Assert.Null(await Store.Inbox.GetStatusAsync("stripe", null, "evt_1", default));
        Assert.Null(await Store.Inbox.GetStatusAsync("paypal", "acme", "evt_1", default));
    }

    [Fact]
    public async Task AppendAsync_SameEventAgain_IsDuplicate()
    {
        await Store.Inbox.AppendAsync([NewEntry("evt_1")], default);

        Assert.Equal([InboxAppendResult.Duplicate], await Store.Inbox.AppendAsync([NewEntry("evt_1")], default));

        Assert.Single(await LeaseAsync());
    }

    [Fact]
    public async Task AppendAsync_SeveralEvents_TellsOfEachInOrder()
    {
        await Store.Inbox.AppendAsync([NewEntry("evt_1")], default);

        var results = await Store.Inbox.AppendAsync(
            [NewEntry("evt_2"), NewEntry("evt_1"), NewEntry("evt_3"), NewEntry("evt_2"), NewEntry("evt_2", "acme")], default);

        Assert.Equal(
            [
                InboxAppendResult.Accepted, InboxAppendResult.Duplicate, InboxAppendResult.Accepted,
                InboxAppendResult.Duplicate, InboxAppendResult.Accepted,
            ],
            results);
        Assert.Equal(4, (await LeaseAsync()).Count);
        Assert.Empty(await Store.Inbox.AppendAsync([], default));
    }

    [Fact]
    public async Task AppendAsync_EventThatWasHandledInline_IsDuplicate()
    {
        var entry = NewEntry("evt_1");
        await Store.HandlerTransaction.ExecuteAsync(entry.Claim, (_, _) => Task.CompletedTask, default);

        Assert.Equal([InboxAppendResult.Duplicate], await Store.Inbox.AppendAsync([entry], default));

        Assert.Empty(await LeaseAsync());
        Assert.Null(await Store.Inbox.GetStatusAsync("stripe", null, "evt_1", default));
    }

    [Fact]
    public async Task ExecuteAsync_EventThatIsInTheInbox_IsDuplicate()
    {
        var entry = NewEntry("evt_1");
        await Store.Inbox.AppendAsync([entry], default);

        Assert.Equal(
            HandlingResult.Duplicate,
            await Store.HandlerTransaction.ExecuteAsync(entry.Claim, (_, _) => Task.CompletedTask, default));
    }

    [Fact]
    public async Task AppendAsync_SameEventFromManyTasks_IsAcceptedOnce()
    {
        var results = await Task.WhenAll(Enumerable.Range(0, 16).Select(_ => Task.Run(async () =>
            (await Store.Inbox.AppendAsync([NewEntry("evt_1")], default))[0])));

        Assert.Equal(1, results.Count(result => result == InboxAppendResult.Accepted));
        Assert.Equal(15, results.Count(result => result == InboxAppendResult.Duplicate));
        Assert.Single(await LeaseAsync());
    }

    [Fact]
    public async Task LeaseAsync_DueEntry_GivesWhatWasReceived()
    {
        var entry = NewEntry("evt_1", "acme") with
        {
            ContentType = "application/json; charset=utf-8",
            OrderingKey = "customer-1",
            SignedAt = new DateTimeOffset(2026, 3, 1, 12, 0, 0, TimeSpan.Zero),
            Payload = Enumerable.Range(0, 256).Select(i => (byte)i).ToArray(),
        };
        await Store.Inbox.AppendAsync([entry], default);
        var leaseId = Ids.NewLeaseId();

        var leased = Assert.Single(await Store.Inbox.LeaseAsync("stripe", 10, leaseId, LeaseDuration, default));

        Assert.Equal((leaseId, 0, 1), (leased.LeaseId, leased.Attempts, leased.Leases));
        Assert.Equal((entry.OrderingKey, entry.SignedAt), (leased.Entry.OrderingKey, leased.Entry.SignedAt));
        Assert.Equal(entry.Payload.ToArray(), leased.Entry.Payload.ToArray());
        Assert.Equal(entry.Claim with { Memory = default }, leased.Entry.Claim with { Memory = default });
        Assert.Equal((entry.EventType, entry.ContentType), (leased.Entry.EventType, leased.Entry.ContentType));
    }

    [Fact]
    public async Task LeaseAsync_LeasedEntry_IsNotGivenUntilTheLeaseEnds()
    {
        await Store.Inbox.AppendAsync([NewEntry("evt_1")], default);
        Assert.Single(await LeaseAsync());

        await Store.AdvanceAsync(LeaseDuration - Slack);
        Assert.Empty(await LeaseAsync());

        await Store.AdvanceAsync(2 * Slack);
        Assert.Equal(0, Assert.Single(await LeaseAsync()).Attempts);
    }

    [Fact]
    public async Task LeaseAsync_MoreThanAsked_GivesTheOldestDue()
    {
        for (var i = 0; i < 5; i++)
        {
            await Store.Inbox.AppendAsync([NewEntry($"evt_{i}")], default);
            await Store.AdvanceAsync(Slack);
        }

        Assert.Equal(["evt_0", "evt_1", "evt_2"], Keys(await LeaseAsync(3)));
        Assert.Equal(["evt_3", "evt_4"], Keys(await LeaseAsync(3)));
        Assert.Empty(await LeaseAsync(3));
    }

    [Fact]
    public async Task LeaseAsync_FromManyTasks_GivesEachEntryOnce()
    {
        var entries = Enumerable.Range(0, 100).Select(i => NewEntry($"evt_{i}")).ToArray();
        await Store.Inbox.AppendAsync(entries, default);
        var leased = new ConcurrentQueue<string>();
        using var deadline = new CancellationTokenSource(TimeSpan.FromSeconds(60));

        await Task.WhenAll(Enumerable.Range(0, 6).Select(_ => Task.Run(async () =>
        {
            while (leased.Count < entries.Length)
            {
                deadline.Token.ThrowIfCancellationRequested();
                foreach (var one in await LeaseAsync(7))
                {
                    leased.Enqueue(one.Entry.Claim.Key);
                }
            }
        })));

        Assert.Equal(entries.Length, leased.Count);
        Assert.Equal(entries.Length, leased.Distinct().Count());
    }

    [Theory]
    [InlineData(InboxStatus.Handled)]
    [InlineData(InboxStatus.DeadLettered)]
    public async Task CompleteAsync_FinalStatus_IsKeptAndNeverLeasedAgain(InboxStatus status)
    {
        await Store.Inbox.AppendAsync([NewEntry("evt_1"), NewEntry("evt_2")], default);
        var leased = (await LeaseAsync()).Single(one => one.Entry.Claim.Key == "evt_1");

        Assert.Empty(await Store.Inbox.CompleteAsync([new InboxCompletion(leased, status, Error: "why")], default));

        Assert.Equal(status, await Store.Inbox.GetStatusAsync("stripe", null, "evt_1", default));
        await Store.AdvanceAsync(LeaseDuration + Slack);
        Assert.Equal(["evt_2"], Keys(await LeaseAsync()));
        Assert.Equal([InboxAppendResult.Duplicate], await Store.Inbox.AppendAsync([NewEntry("evt_1")], default));
    }

    [Fact]
    public async Task CompleteAsync_Pending_IsDueAgainThenAndCountsTheAttempt()
    {
        await Store.Inbox.AppendAsync([NewEntry("evt_1")], default);
        for (var attempts = 0; attempts < 3; attempts++)
        {
            var leased = Assert.Single(await LeaseAsync());
            Assert.Equal(attempts, leased.Attempts);
            Assert.Empty(await Store.Inbox.CompleteAsync(
                [new InboxCompletion(leased, InboxStatus.Pending, TimeSpan.FromHours(1), "why")], default));

            Assert.Equal(InboxStatus.Pending, await Store.Inbox.GetStatusAsync("stripe", null, "evt_1", default));
            await Store.AdvanceAsync(TimeSpan.FromHours(1) - Slack);
            Assert.Empty(await LeaseAsync());
            await Store.AdvanceAsync(2 * Slack);
        }
    }

    [Fact]
    public async Task CompleteAsync_LeasePassedToAnother_ChangesNothingAndIsGivenBack()
    {
        await Store.Inbox.AppendAsync([NewEntry("evt_1"), NewEntry("evt_2")], default);
        var late = (await LeaseAsync()).Single(one => one.Entry.Claim.Key == "evt_1");
        await Store.AdvanceAsync(LeaseDuration + Slack);
        var current = await LeaseAsync();
        var own = current.Single(one => one.Entry.Claim.Key == "evt_2");
        var completion = new InboxCompletion(late, InboxStatus.DeadLettered);

        var unchanged = await Store.Inbox.CompleteAsync([completion, new InboxCompletion(own, InboxStatus.Handled)], default);

        Assert.Equal([completion], unchanged);
        Assert.Equal(InboxStatus.Pending, await Store.Inbox.GetStatusAsync("stripe", null, "evt_1", default));
        Assert.Equal(InboxStatus.Handled, await Store.Inbox.GetStatusAsync("stripe", null, "evt_2", default));
        var owner = current.Single(one => one.Entry.Claim.Key == "evt_1");
        Assert.Equal(0, owner.Attempts);
        Assert.Empty(await Store.Inbox.CompleteAsync([new InboxCompletion(owner, InboxStatus.Handled)], default));
    }

    [Fact]
    public async Task CompleteAsync_LeaseEndedButNobodyTookIt_IsWritten()
    {
        await Store.Inbox.AppendAsync([NewEntry("evt_1")], default);
        var leased = Assert.Single(await LeaseAsync());
        await Store.AdvanceAsync(LeaseDuration + Slack);

        Assert.Empty(await Store.Inbox.CompleteAsync([new InboxCompletion(leased, InboxStatus.Handled)], default));

        Assert.Empty(await LeaseAsync());
    }

    [Fact]
    public async Task CompleteAsync_SecondTime_ChangesNothing()
    {
        await Store.Inbox.AppendAsync([NewEntry("evt_1")], default);
        var leased = Assert.Single(await LeaseAsync());
        await Store.Inbox.CompleteAsync([new InboxCompletion(leased, InboxStatus.Handled)], default);

        Assert.Single(await Store.Inbox.CompleteAsync([new InboxCompletion(leased, InboxStatus.DeadLettered)], default));

        Assert.Equal(InboxStatus.Handled, await Store.Inbox.GetStatusAsync("stripe", null, "evt_1", default));
    }

    [Fact]
    public async Task LeaseAsync_OfOneSource_LeavesTheOthers()
    {
        await Store.Inbox.AppendAsync([NewEntry("evt_1", source: "paypal"), NewEntry("evt_1"), NewEntry("evt_1", "acme")], default);

        Assert.Equal(["evt_1", "evt_1"], Keys(await LeaseAsync()));
        Assert.Single(await Store.Inbox.LeaseAsync("paypal", 10, Ids.NewLeaseId(), LeaseDuration, default));
        Assert.Empty(await Store.Inbox.LeaseAsync("github", 10, Ids.NewLeaseId(), LeaseDuration, default));
    }

    [Fact]
    public async Task LeaseAsync_OwnerThatSaysNothing_IsCountedUntilOneDoes()
    {
        await Store.Inbox.AppendAsync([NewEntry("evt_1")], default);
        for (var leases = 1; leases <= 3; leases++)
        {
            Assert.Equal(leases, Assert.Single(await LeaseAsync()).Leases);
            await Store.AdvanceAsync(LeaseDuration + Slack);
        }

        await Store.Inbox.CompleteAsync([new InboxCompletion(Assert.Single(await LeaseAsync()), InboxStatus.Pending)], default);

        var leased = Assert.Single(await LeaseAsync());
        Assert.Equal((1, 1), (leased.Leases, leased.Attempts));
    }

    [Fact]
    public async Task LeaseAsync_SameOrderingKey_GivesTheFirstAloneUntilItIsFinished()
    {
        await Store.Inbox.AppendAsync(
            [Ordered("evt_3", "a"), Ordered("evt_1", "a"), Ordered("evt_2", "b"), Ordered("evt_4", "a", "acme")], default);
        await Store.Inbox.AppendAsync([Ordered("evt_0", "a")], default);

        var leased = await LeaseAsync();
        Assert.Equal(["evt_2", "evt_3", "evt_4"], Keys(leased));
        Assert.Empty(await LeaseAsync());

        // A failing head holds up the others, also while it is not due.
        var head = leased.Single(one => one.Entry.Claim.Key == "evt_3");
        await Store.Inbox.CompleteAsync([new InboxCompletion(head, InboxStatus.Pending, TimeSpan.FromHours(1))], default);
        Assert.Empty(await LeaseAsync());
        await Store.AdvanceAsync(TimeSpan.FromHours(1) + Slack);
        head = (await LeaseAsync()).Single(one => one.Entry.Claim.Key == "evt_3");
        await Store.Inbox.CompleteAsync([new InboxCompletion(head, InboxStatus.DeadLettered)], default);

        head = Assert.Single(await LeaseAsync());
        Assert.Equal("evt_1", head.Entry.Claim.Key);
        Assert.Equal(HandlingResult.Handled, await Store.HandlerTransaction.ExecuteAsync(head, (_, _) => Task.CompletedTask, default));
        Assert.Equal(["evt_0"], Keys(await LeaseAsync()));
    }

    [Fact]
    public async Task ExecuteAsync_LeasedEntry_RunsTheHandlerAndMarksItHandled()
    {
        await Store.Inbox.AppendAsync([NewEntry("evt_1", "acme")], default);
        var leased = Assert.Single(await LeaseAsync());

        Assert.Equal(HandlingResult.Handled, await HandleAsync(leased));

        Assert.Equal(InboxStatus.Handled, await Store.Inbox.GetStatusAsync("stripe", "acme", "evt_1", default));
        Assert.Equal(HandlingResult.LeaseLost, await HandleAsync(leased));
        Assert.Equal(1, await Store.CountEffectsAsync());
        await Store.AdvanceAsync(LeaseDuration + Slack);
        Assert.Empty(await LeaseAsync());
    }

    [Fact]
    public async Task ExecuteAsync_HandlerOfALeasedEntryFails_LeavesItLeased()
    {
        await Store.Inbox.AppendAsync([NewEntry("evt_1")], default);
        var leased = Assert.Single(await LeaseAsync());

        await Assert.ThrowsAsync<InvalidOperationException>(async () => await Store.HandlerTransaction.ExecuteAsync(
            leased,
            async (scope, _) =>
            {
                if (Store.EffectsAreTransactional)
                {
                    await Store.RecordEffectAsync(scope, "lost");
                }

                throw new InvalidOperationException("no stock");
            },
            default));

        Assert.Equal(0, await Store.CountEffectsAsync());
        Assert.Equal(InboxStatus.Pending, await Store.Inbox.GetStatusAsync("stripe", null, "evt_1", default));
        Assert.Equal(HandlingResult.Handled, await HandleAsync(leased));
        Assert.Equal(1, await Store.CountEffectsAsync());
    }

    [Fact]
    public async Task ExecuteAsync_LeaseEndedButNobodyTookIt_IsHandled()
    {
        await Store.Inbox.AppendAsync([NewEntry("evt_1")], default);
        var leased = Assert.Single(await LeaseAsync());
        await Store.AdvanceAsync(LeaseDuration + Slack);

        Assert.Equal(HandlingResult.Handled, await HandleAsync(leased));
    }

    [Fact]
    public async Task ExecuteAsync_LeasePassedToAnother_DoesNotRunTheHandler()
    {
        await Store.Inbox.AppendAsync([NewEntry("evt_1")], default);
        var late = Assert.Single(await LeaseAsync());
        await Store.AdvanceAsync(LeaseDuration + Slack);
        var owner = Assert.Single(await LeaseAsync());

        Assert.Equal(HandlingResult.LeaseLost, await HandleAsync(late));
        Assert.Equal(0, await Store.CountEffectsAsync());
        Assert.Equal(HandlingResult.Handled, await HandleAsync(owner));
        Assert.Equal(1, await Store.CountEffectsAsync());
    }

    [Fact]
    public async Task ExecuteAsync_ErasedEntry_DoesNotRunTheHandler()
    {
        await Store.Inbox.AppendAsync([NewEntry("evt_1", "acme")], default);
        var leased = Assert.Single(await LeaseAsync());
        await Store.Erasure.EraseInboxEntriesAsync("acme", 10, default);

        Assert.Equal(HandlingResult.LeaseLost, await HandleAsync(leased));

        Assert.Equal(0, await Store.CountEffectsAsync());
        Assert.Equal(InboxStatus.Erased, await Store.Inbox.GetStatusAsync("stripe", "acme", "evt_1", default));
    }

    private ValueTask<HandlingResult> HandleAsync(LeasedInboxEntry leased) => Store.HandlerTransaction.ExecuteAsync(
        leased, (scope, _) => Store.RecordEffectAsync(scope, leased.Entry.Claim.Key), default);

    private static InboxEntry Ordered(string key, string orderingKey, string? tenantId = null) =>
        NewEntry(key, tenantId) with { OrderingKey = orderingKey };

    private static InboxEntry NewEntry(string key, string? tenantId = null, string source = "stripe") => new()
    {
        Claim = new WebhookClaim(source, tenantId, key, ClaimDefaults.Memory),
        EventType = "charge.succeeded",
        Payload = Encoding.UTF8.GetBytes($"{{\"id\":\"{key}\"}}"),
    };

    private ValueTask<IReadOnlyList<LeasedInboxEntry>> LeaseAsync(int maxEntries = 100) =>
        Store.Inbox.LeaseAsync("stripe", maxEntries, Ids.NewLeaseId(), LeaseDuration, default);

    private static IEnumerable<string> Keys(IEnumerable<LeasedInboxEntry> leased) =>
        leased.Select(one => one.Entry.Claim.Key).Order(StringComparer.Ordinal);
}
