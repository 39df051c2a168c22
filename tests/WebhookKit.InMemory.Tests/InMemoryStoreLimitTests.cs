using System.Text;
using WebhookKit.Deliveries;
using WebhookKit.Idempotency;
using WebhookKit.Identifiers;
using WebhookKit.Inbox;
using WebhookKit.Outbox;
using WebhookKit.StoreConformance;

namespace WebhookKit.InMemory.Tests;

public sealed class InMemoryStoreLimitTests : IAsyncLifetime
{
    private static readonly EndpointId Endpoint = EndpointId.Declared(null, "warehouse");
    private readonly IdGenerator _ids = new(TimeProvider.System);
    private StoreHarness _store = null!;

    public async Task InitializeAsync()
    {
        _store = await InMemoryStoreHarness.CreateAsync(options =>
        {
            options.MaxMessages = 3;
            options.MaxClaims = 2;
        });
        var declared = new WebhookEndpoint { Id = Endpoint, Name = "warehouse", Url = "https://warehouse.example", EventTypes = ["*"] };
        await _store.Endpoints.DeclareAsync([declared], deployment: 1, default);
    }

    public async Task DisposeAsync() => await _store.DisposeAsync();

    [Fact]
    public async Task AppendAsync_EveryMessageIsOwed_ThrowsAndForgetsNone()
    {
        var waiting = NewMessage();
        var owed = NewMessage();
        await AppendAsync(owed);
        await FanOutAsync();
        await AppendAsync(waiting);

        var thrown = await Assert.ThrowsAsync<InMemoryStoreFullException>(() => AppendAsync(NewMessage(), NewMessage()));

        Assert.Contains("InMemoryStoreOptions.MaxMessages", thrown.Message, StringComparison.Ordinal);
        Assert.Equal(2, (await _store.Outbox.GetMessagesAsync([waiting.Id, owed.Id], default)).Count);
        await AppendAsync(NewMessage());
        await Assert.ThrowsAsync<InMemoryStoreFullException>(() => AppendAsync(NewMessage()));
    }

    [Fact]
    public async Task AppendAsync_SomeMessagesAreFinished_ForgetsTheFirstFinishedWithItsDeliveries()
    {
        WebhookMessage[] messages = [NewMessage(), NewMessage(), NewMessage()];
        await AppendAsync(messages);
        await FanOutAsync();
        var leased = (await LeaseAsync()).ToDictionary(one => one.MessageId);
        await SucceedAsync(leased[messages[1].Id]);
        await SucceedAsync(leased[messages[0].Id]);

        await AppendAsync(NewMessage());

        Assert.Empty(await _store.Outbox.GetMessagesAsync([messages[1].Id], default));
        Assert.Empty(await _store.Deliveries.GetByMessageAsync(messages[1].Id, default));
        Assert.Empty(await _store.Deliveries.GetAttemptsAsync(leased[messages[1].Id].Id, default));
        Assert.Single(await _store.Deliveries.GetByMessageAsync(messages[0].Id, default));
        Assert.Single(await _store.Deliveries.GetByMessageAsync(messages[2].Id, default));
    }

    [Fact]
    public async Task AppendAsync_OneOfTwoDeliveriesIsOwed_KeepsTheMessage()
    {
        await AppendAsync(NewMessage());
        await _store.Outbox.FanOutPendingAsync(10, Plan(Endpoint, EndpointId.Declared(null, "other")), default);
        await SucceedAsync(Assert.Single(await LeaseAsync()));
        await AppendAsync(NewMessage(), NewMessage());

        await Assert.ThrowsAsync<InMemoryStoreFullException>(() => AppendAsync(NewMessage()));
    }

    [Fact]
    public async Task AppendAsync_UnwantedMessages_AreForgotten()
    {
        for (var i = 0; i < 10; i++)
        {
            await AppendAsync(NewMessage(), NewMessage());
            Assert.Equal(2, (await _store.Outbox.FanOutPendingAsync(10, Plan(), default)).Taken);
        }
    }

    [Fact]
    public async Task AppendAsync_MessageForgottenButNotItsKey_GivesTheFirstId()
    {
        var first = NewMessage("key");
        await AppendAsync(first);
        await _store.Outbox.FanOutPendingAsync(10, Plan(), default);
        await AppendAsync(NewMessage(), NewMessage(), NewMessage());
        Assert.Empty(await _store.Outbox.GetMessagesAsync([first.Id], default));

        Assert.Equal([first.Id], await _store.Outbox.AppendAsync([NewMessage("key")], default));
        await Assert.ThrowsAsync<IdempotencyKeyReusedException>(() => AppendAsync(NewMessage("key", "[]")));
    }

    [Fact]
    public async Task AppendAsync_TooManyKeys_ThrowsUntilOldOnesAreForgotten()
    {
        await AppendAsync(NewMessage("one"), NewMessage("two"));
        await _store.Outbox.FanOutPendingAsync(10, Plan(), default);

        var thrown = await Assert.ThrowsAsync<InMemoryStoreFullException>(() => AppendAsync(NewMessage("three")));
        Assert.Contains("InMemoryStoreOptions.MaxClaims", thrown.Message, StringComparison.Ordinal);
        await AppendAsync(NewMessage());

        await _store.AdvanceAsync(OutboxDefaults.IdempotencyKeyMemory);
        await AppendAsync(NewMessage("three"));
    }

    [Fact]
    public async Task ExecuteAsync_TooManyClaims_IsFullUntilOldOnesAreForgotten()
    {
        Assert.Equal(HandlingResult.Handled, await HandleAsync("evt_1"));
        Assert.Equal(HandlingResult.Handled, await HandleAsync("evt_2"));

        Assert.Equal(HandlingResult.Full, await HandleAsync("evt_3"));
        Assert.Equal(HandlingResult.Duplicate, await HandleAsync("evt_1"));
        Assert.Equal(2, await _store.CountEffectsAsync());

        await _store.AdvanceAsync(ClaimDefaults.Memory);
        Assert.Equal(HandlingResult.Handled, await HandleAsync("evt_3"));
    }

    [Fact]
    public async Task ExecuteAsync_HandlersThatFail_DoNotFillTheStore()
    {
        for (var i = 0; i < 10; i++)
        {
            await Assert.ThrowsAsync<InvalidTimeZoneException>(async () => await _store.HandlerTransaction.ExecuteAsync(
                NewClaim($"evt_{i}"), (_, _) => throw new InvalidTimeZoneException(), default));
        }

        Assert.Equal(HandlingResult.Handled, await HandleAsync("evt_1"));
    }

    [Fact]
    public async Task InboxAppendAsync_TooManyClaims_KeepsNoneOfTheRequest()
    {
        await _store.Inbox.AppendAsync([NewEntry("evt_1")], default);

        var results = await _store.Inbox.AppendAsync([NewEntry("evt_1"), NewEntry("evt_2"), NewEntry("evt_3")], default);

        Assert.All(results, result => Assert.Equal(InboxAppendResult.Full, result));
        Assert.Null(await _store.Inbox.GetStatusAsync("stripe", null, "evt_2", default));
        Assert.Equal([InboxAppendResult.Duplicate], await _store.Inbox.AppendAsync([NewEntry("evt_1")], default));
        Assert.Equal([InboxAppendResult.Accepted], await _store.Inbox.AppendAsync([NewEntry("evt_2")], default));
    }

    [Fact]
    public async Task InboxAppendAsync_HandlerOfTheSameEventStillRuns_IsNotCalledDuplicate()
    {
        var release = new TaskCompletionSource();
        var handling = _store.HandlerTransaction.ExecuteAsync(NewClaim("evt_1"), (_, _) => release.Task, default);

        Assert.Equal([InboxAppendResult.Full], await _store.Inbox.AppendAsync([NewEntry("evt_1")], default));

        release.SetResult();
        Assert.Equal(HandlingResult.Handled, await handling);
        Assert.Equal([InboxAppendResult.Duplicate], await _store.Inbox.AppendAsync([NewEntry("evt_1")], default));
    }

    [Fact]
    public async Task InboxAppendAsync_TooManyEntries_ForgetsOnlyHandledOnes()
    {
        await using var store = await InMemoryStoreHarness.CreateAsync(options => options.MaxMessages = 2);
        await store.Inbox.AppendAsync([NewEntry("evt_1"), NewEntry("evt_2")], default);
        Assert.Equal([InboxAppendResult.Full], await store.Inbox.AppendAsync([NewEntry("evt_3")], default));
        Assert.False(await store.Claims.IsClaimedAsync("stripe", null, "evt_3", default));

        var leased = Assert.Single(await store.Inbox.LeaseAsync("stripe", 1, _ids.NewLeaseId(), TimeSpan.FromMinutes(1), default));
        await store.Inbox.CompleteAsync([new InboxCompletion(leased, InboxStatus.Handled)], default);

        Assert.Equal([InboxAppendResult.Accepted], await store.Inbox.AppendAsync([NewEntry("evt_3")], default));
        Assert.Null(await store.Inbox.GetStatusAsync("stripe", null, leased.Entry.Claim.Key, default));
        Assert.Equal([InboxAppendResult.Duplicate], await store.Inbox.AppendAsync([leased.Entry], default));
    }

    private WebhookMessage NewMessage(string? key = null, string payload = "{}") => new()
    {
        Id = _ids.NewMessageId(),
        EventType = "order.paid",
        Payload = Encoding.UTF8.GetBytes(payload),
        OccurredAt = DateTimeOffset.UnixEpoch,
        IdempotencyKey = key,
    };

    private static WebhookClaim NewClaim(string key) => new("stripe", null, key, ClaimDefaults.Memory);

    private static InboxEntry NewEntry(string key) =>
        new() { Claim = NewClaim(key), EventType = "charge.succeeded", Payload = "{}"u8.ToArray() };

    private async Task AppendAsync(params WebhookMessage[] messages) => await _store.Outbox.AppendAsync(messages, default);

    private FanOutPlanner Plan(params EndpointId[] endpoints) => (messages, _) =>
    [
        .. messages.SelectMany(message => endpoints.Select(endpoint =>
            new NewDelivery { Id = _ids.NewDeliveryId(), MessageId = message.Id, EndpointId = endpoint })),
    ];

    private async Task FanOutAsync() => await _store.Outbox.FanOutPendingAsync(10, Plan(Endpoint), default);

    private ValueTask<IReadOnlyList<LeasedDelivery>> LeaseAsync() => _store.Deliveries.LeaseAsync(
        [new LeaseBudget(Endpoint, 10, 10)], _ids.NewLeaseId(), TimeSpan.FromMinutes(1), default);

    private async Task SucceedAsync(LeasedDelivery leased) => Assert.Empty(await _store.Deliveries.CompleteAsync(
        [new DeliveryCompletion { Delivery = leased, Status = DeliveryStatus.Succeeded }], [], default));

    private ValueTask<HandlingResult> HandleAsync(string key) => _store.HandlerTransaction.ExecuteAsync(
        NewClaim(key), (scope, _) => _store.RecordEffectAsync(scope, key), default);
}
