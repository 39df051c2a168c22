using System.Text;
using WebhookKit.Idempotency;
using WebhookKit.Inbox;

namespace WebhookKit.StoreConformance.Inbox;

/// <summary>What every inbox promises of its dead letters: listed in order, handled again or discarded once.</summary>
public abstract class InboxDeadLetterSuite : StoreSuite
{
    private static readonly InboxDeadLetterSelection Stripe = new() { Source = "stripe" };

    private IInboxDeadLetterStore Letters => Store.InboxDeadLetters;

    [Fact]
    public async Task ListAsync_DeadLetters_TellsOfEachInTheOrderTheyDied()
    {
        await DieAsync(("evt_2", null));
        await Store.AdvanceAsync(Slack);
        await DieAsync(("evt_1", "acme"));
        await Store.Inbox.AppendAsync([NewEntry("evt_3")], default);

        var letters = await Letters.ListAsync(Stripe, 10, after: null, default);

        Assert.Equal([("evt_2", null), ("evt_1", "acme")], letters.Select(letter => (letter.Key, letter.TenantId)));
        Assert.All(letters, letter => Assert.Equal(
            ("stripe", "charge.succeeded", 1, "no stock"), (letter.Source, letter.EventType, letter.Attempts, letter.Error)));
        AssertClose(Slack, letters[1].DeadLetteredAt - letters[0].DeadLetteredAt);
    }

    [Fact]
    public async Task ListAsync_PageByPage_GivesEachOnceAlsoOfOneInstant()
    {
        (string, string?)[] dead = [.. Enumerable.Range(0, 7).SelectMany(i => ((string, string?)[])[($"evt_{i}", null), ($"evt_{i}", "acme")])];
        await DieAsync(dead);
        var listed = new List<InboxDeadLetter>();
        for (var page = await Letters.ListAsync(Stripe, 4, after: null, default); page.Count > 0;)
        {
            Assert.InRange(page.Count, 1, 4);
            listed.AddRange(page);
            Assert.InRange(listed.Count, 1, dead.Length);
            page = await Letters.ListAsync(Stripe, 4, page[^1], default);
        }

        Assert.Equal(dead.Order(), listed.Select(letter => (letter.Key, letter.TenantId)).Order());
    }

    [Fact]
    public async Task PreviewAsync_Selections_CountWhatTheySay()
    {
        await DieAsync(("evt_1", null), ("evt_1", "acme"), ("evt_2", "acme"));
        await DieAsync("paypal", ("evt_1", null));
        var until = (await Letters.PreviewAsync(Stripe, default)).Selection.Until;
        Assert.NotNull(until);
        await Store.AdvanceAsync(Slack);
        await DieAsync(("evt_3", null));
        await Store.Erasure.EraseInboxEntriesAsync("gone", 10, default);

        Assert.Equal(4, await CountAsync(Stripe));
        Assert.Equal(1, await CountAsync(Stripe with { Source = "paypal" }));
        Assert.Equal(2, await CountAsync(Stripe with { TenantId = "acme" }));
        Assert.Equal(2, await CountAsync(Stripe with { TenantId = "" }));
        Assert.Equal(2, await CountAsync(Stripe with { Key = "evt_1" }));
        Assert.Equal(3, await CountAsync(Stripe with { Until = until }));
        Assert.Equal(1, await CountAsync(Stripe with { Since = until + (Slack / 2) }));
        Assert.Equal(0, await CountAsync(Stripe with { Source = "nobody" }));
    }

    [Fact]
    public async Task HandleAgainAsync_OneOfThem_IsDueWithAllItsAttempts()
    {
        await DieAsync(("evt_1", null), ("evt_1", "acme"), ("evt_2", null));
        var letter = (await Letters.ListAsync(Stripe with { TenantId = "acme" }, 10, after: null, default)).Single();

        Assert.Equal(1, await Letters.HandleAgainAsync(InboxDeadLetterSelection.Of(letter), 10, default));

        var leased = Assert.Single(await LeaseAsync());
        Assert.Equal(("evt_1", "acme"), (leased.Entry.Claim.Key, leased.Entry.Claim.TenantId));
        Assert.Equal((0, 1), (leased.Attempts, leased.Leases));
        Assert.Equal(Encoding.UTF8.GetBytes("""{"id":"evt_1"}"""), leased.Entry.Payload.ToArray());
        Assert.Equal(HandlingResult.Handled, await HandleAsync(leased));
        Assert.Equal(1, await Store.CountEffectsAsync());
        Assert.Equal(2, await CountAsync(Stripe));
        Assert.Equal(0, await Letters.HandleAgainAsync(InboxDeadLetterSelection.Of(letter), 10, default));
    }

    [Fact]
    public async Task HandleAgainAsync_MoreThanAsked_TakesThemBatchByBatchOldestFirst()
    {
        await DieAsync(("evt_3", null));
        await Store.AdvanceAsync(Slack);
        await DieAsync(("evt_2", null));
        await Store.AdvanceAsync(Slack);
        await DieAsync(("evt_1", "acme"));

        Assert.Equal(2, await Letters.HandleAgainAsync(Stripe, 2, default));
        Assert.Equal(["evt_2", "evt_3"], Keys(await LeaseAsync()));
        Assert.Equal(1, await Letters.HandleAgainAsync(Stripe, 2, default));
        Assert.Equal(["evt_1"], Keys(await LeaseAsync()));
        Assert.Equal(0, await Letters.HandleAgainAsync(Stripe, 2, default));
    }

    [Fact]
    public async Task HandleAgainAsync_FailsAgain_IsADeadLetterAgainThatTheSelectionDoesNotHave()
    {
        await DieAsync(("evt_1", null));
        var selection = (await Letters.PreviewAsync(Stripe, default)).Selection;
        await Letters.HandleAgainAsync(selection, 10, default);
        await Store.AdvanceAsync(Slack);
        await EndAsync(await LeaseAsync());

        Assert.Equal(0, await Letters.HandleAgainAsync(selection, 10, default));
        Assert.Equal(1, await CountAsync(Stripe));
    }

    [Fact]
    public async Task HandleAgainAsync_WithAnOrderingKey_TakesItsPlaceBeforeTheLater()
    {
        await Store.Inbox.AppendAsync([NewEntry("evt_1") with { OrderingKey = "customer" }], default);
        await EndAsync(await LeaseAsync());
        await Store.Inbox.AppendAsync([NewEntry("evt_2") with { OrderingKey = "customer" }], default);
        await Letters.HandleAgainAsync(Stripe, 10, default);

        var first = Assert.Single(await LeaseAsync());
        Assert.Equal("evt_1", first.Entry.Claim.Key);
        await HandleAsync(first);
        Assert.Equal(["evt_2"], Keys(await LeaseAsync()));
    }

    [Fact]
    public async Task HandleAgainAsync_FromManyTasks_MakesEachPendingOnce()
    {
        await DieAsync([.. Enumerable.Range(0, 40).Select(i => ($"evt_{i}", (string?)null))]);

        var counts = await Task.WhenAll(Enumerable.Range(0, 6).Select(_ => Task.Run(async () => await Letters.HandleAgainAsync(Stripe, 100, default))));

        Assert.Equal(40, counts.Sum());
        Assert.Equal(40, (await LeaseAsync()).Count);
    }

    [Fact]
    public async Task DiscardAsync_DeadLetter_IsNotHandledAnyMoreAndStaysADuplicate()
    {
        await DieAsync(("evt_1", null), ("evt_2", null));

        Assert.Equal(1, await Letters.DiscardAsync(Stripe with { Key = "evt_1" }, "known by hand", 10, default));

        Assert.Equal(InboxStatus.Discarded, await Store.Inbox.GetStatusAsync("stripe", null, "evt_1", default));
        Assert.Equal(["evt_2"], (await Letters.ListAsync(Stripe, 10, after: null, default)).Select(letter => letter.Key));
        Assert.Equal(0, await Letters.HandleAgainAsync(Stripe with { Key = "evt_1" }, 10, default));
        Assert.Equal([InboxAppendResult.Duplicate], await Store.Inbox.AppendAsync([NewEntry("evt_1")], default));
        Assert.Empty(await LeaseAsync());
    }

    [Fact]
    public async Task HandleAgainAsync_ErasedDeadLetter_StaysAsItIs()
    {
        await DieAsync(("evt_1", "acme"));
        await Store.Erasure.EraseInboxEntriesAsync("acme", 10, default);

        Assert.Equal(0, await Letters.HandleAgainAsync(Stripe, 10, default));
        Assert.Equal(0, await Letters.DiscardAsync(Stripe, "gone", 10, default));
        Assert.Equal(0, await CountAsync(Stripe));
        Assert.Empty(await LeaseAsync());
    }

    private static InboxEntry NewEntry(string key, string? tenantId = null, string source = "stripe") => new()
    {
        Claim = new WebhookClaim(source, tenantId, key, ClaimDefaults.Memory),
        EventType = "charge.succeeded",
        Payload = Encoding.UTF8.GetBytes($"{{\"id\":\"{key}\"}}"),
    };

    private static IEnumerable<string> Keys(IEnumerable<LeasedInboxEntry> leased) =>
        leased.Select(one => one.Entry.Claim.Key).Order(StringComparer.Ordinal);

    private Task DieAsync(params (string Key, string? TenantId)[] entries) => DieAsync("stripe", entries);

    private async Task DieAsync(string source, params (string Key, string? TenantId)[] entries)
    {
        await Store.Inbox.AppendAsync([.. entries.Select(entry => NewEntry(entry.Key, entry.TenantId, source))], default);
        await EndAsync(await LeaseAsync(source));
    }

    private async Task EndAsync(IEnumerable<LeasedInboxEntry> leased) => Assert.Empty(await Store.Inbox.CompleteAsync(
        [.. leased.Select(one => new InboxCompletion(one, InboxStatus.DeadLettered, Error: "no stock"))], default));

    private async Task<int> CountAsync(InboxDeadLetterSelection selection) => (await Letters.PreviewAsync(selection, default)).Count;

    private ValueTask<IReadOnlyList<LeasedInboxEntry>> LeaseAsync(string source = "stripe") =>
        Store.Inbox.LeaseAsync(source, 100, Ids.NewLeaseId(), LeaseDuration, default);

    private ValueTask<HandlingResult> HandleAsync(LeasedInboxEntry leased) => Store.HandlerTransaction.ExecuteAsync(
        leased, (scope, _) => Store.RecordEffectAsync(scope, leased.Entry.Claim.Key), default);
}
