using System.Transactions;

namespace WebhookKit.StoreConformance.Outbox;

/// <summary>What every outbox promises about storing and reading messages; fan-out is <see cref="FanOutSuite"/>.</summary>
public abstract class OutboxStoreSuite : StoreSuite
{
    private static readonly TimeSpan KeyMemory = TimeSpan.FromDays(7);

    [Fact]
    public async Task AppendAsync_EveryFieldSet_ReadsBackTheSame()
    {
        var message = NewMessage("acme", key: "order-42") with
        {
            ContentType = "application/cloudevents+json; charset=utf-8",
            Payload = Enumerable.Range(0, 1024).Select(i => (byte)i).ToArray(),
            DeliverAt = new DateTimeOffset(2027, 6, 5, 4, 3, 2, 1, TimeSpan.Zero),
            TargetEndpointId = EndpointId.Declared("acme", "warehouse"),
            OrderingKey = "order-42 Ünï→",
            Origin = MessageOrigin.Test,
            TraceParent = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
        };

        Assert.Equal([message.Id], await Store.Outbox.AppendAsync([message], default));

        AssertSame(message, await ReadAsync(message.Id));
    }

    [Fact]
    public async Task AppendAsync_InsideATransactionScopeThatIsRolledBack_IsDurableAllTheSame()
    {
        var message = NewMessage();
        using (new TransactionScope(TransactionScopeAsyncFlowOption.Enabled))
        {
            await Store.Outbox.AppendAsync([message], default);
        }

        AssertSame(message, await ReadAsync(message.Id));
    }

    [Fact]
    public async Task AppendAsync_OnlyWhatIsRequired_ReadsBackTheSame()
    {
        var message = NewMessage(payload: "");

        await Store.Outbox.AppendAsync([message], default);

        AssertSame(message, await ReadAsync(message.Id));
    }

    [Fact]
    public async Task AppendAsync_LargestPayload_ReadsBackTheSameBytes()
    {
        var payload = Enumerable.Range(0, MessageDefaults.MaxPayloadBytes).Select(i => (byte)(i * 31)).ToArray();
        var message = NewMessage() with { Payload = payload };

        await Store.Outbox.AppendAsync([message], default);

        var read = await ReadAsync(message.Id);
        Assert.True(read.Payload.Span.SequenceEqual(payload));
    }

    [Fact]
    public async Task AppendAsync_NoMessages_StoresNothing()
    {
        Assert.Empty(await Store.Outbox.AppendAsync([], default));
        Assert.Equal(0, await CountPendingAsync());
    }

    [Fact]
    public async Task AppendAsync_ManyMessages_GivesTheirIdsInOrder()
    {
        var messages = NewMessages(50);
        Array.Reverse(messages);

        var ids = await Store.Outbox.AppendAsync(messages, default);

        Assert.Equal(messages.Select(message => message.Id), ids);
        Assert.Equal(50, await CountPendingAsync());
    }

    [Fact]
    public async Task AppendAsync_IdThatExists_ThrowsAndStoresNothingOfTheBatch()
    {
        var first = NewMessage();
        var other = NewMessage();
        await Store.Outbox.AppendAsync([first], default);

        await Assert.ThrowsAnyAsync<Exception>(async () =>
            await Store.Outbox.AppendAsync([other, first with { EventType = "order.changed" }], default));

        Assert.Empty(await Store.Outbox.GetMessagesAsync([other.Id], default));
        Assert.Equal("order.paid", (await ReadAsync(first.Id)).EventType);
    }

    [Fact]
    public async Task AppendAsync_KeyUsedBefore_GivesTheFirstIdAndStoresNothing()
    {
        var first = NewMessage("acme", "key");
        var again = NewMessage("acme", "key");
        await Store.Outbox.AppendAsync([first], default);

        Assert.Equal([first.Id], await Store.Outbox.AppendAsync([again], default));

        Assert.Empty(await Store.Outbox.GetMessagesAsync([again.Id], default));
        Assert.Equal(1, await CountPendingAsync());
    }

    [Fact]
    public async Task AppendAsync_KeyUsedBeforeAtAnotherInstant_GivesTheFirstId()
    {
        var first = NewMessage(key: "key", payload: """{"type":"order.paid","timestamp":"2026-01-02T03:04:05.678Z","data":{}}""");
        var again = NewMessage(key: "key", payload: """{"type":"order.paid","timestamp":"2026-01-02T03:04:06.000Z","data":{}}""")
            with
        { OccurredAt = new DateTimeOffset(2026, 1, 2, 3, 4, 6, TimeSpan.Zero) };
        await Store.Outbox.AppendAsync([first], default);

        Assert.Equal([first.Id], await Store.Outbox.AppendAsync([again], default));
    }

    [Fact]
    public async Task AppendAsync_KeyUsedBeforeAmongOthers_StoresOnlyTheOthers()
    {
        var first = NewMessage(key: "key");
        await Store.Outbox.AppendAsync([first], default);
        var before = NewMessage();
        var after = NewMessage(key: "other");

        var ids = await Store.Outbox.AppendAsync([before, NewMessage(key: "key"), after], default);

        Assert.Equal([before.Id, first.Id, after.Id], ids);
        Assert.Equal(3, await CountPendingAsync());
    }

    [Fact]
    public async Task AppendAsync_KeyTwiceInOneBatch_StoresTheFirst()
    {
        var first = NewMessage("acme", "key");

        var ids = await Store.Outbox.AppendAsync([first, NewMessage("acme", "key")], default);

        Assert.Equal([first.Id, first.Id], ids);
        Assert.Equal(1, await CountPendingAsync());
    }

    [Fact]
    public async Task AppendAsync_KeyTwiceInOneBatchForOtherPayloads_ThrowsAndStoresNothing()
    {
        var first = NewMessage(key: "key");

        var thrown = await Assert.ThrowsAsync<IdempotencyKeyReusedException>(async () =>
            await Store.Outbox.AppendAsync([NewMessage(), first, NewMessage(key: "key", payload: "[]")], default));

        Assert.Equal(first.Id, thrown.FirstMessageId);
        Assert.Equal(0, await CountPendingAsync());
    }

    [Fact]
    public async Task AppendAsync_KeyOfAnotherTenant_StoresBoth()
    {
        WebhookMessage[] messages = [NewMessage("acme", "key"), NewMessage("globex", "key"), NewMessage(null, "key")];
        foreach (var message in messages)
        {
            Assert.Equal([message.Id], await Store.Outbox.AppendAsync([message], default));
        }

        Assert.Equal(3, await CountPendingAsync());
    }

    [Fact]
    public async Task AppendAsync_KeyThatDiffersInCaseOrSpace_IsAnotherKey()
    {
        foreach (var key in new[] { "key", "Key", "key ", "kéy", new string('k', MessageDefaults.MaxKeyLength) })
        {
            var message = NewMessage(key: key);
            Assert.Equal([message.Id], await Store.Outbox.AppendAsync([message], default));
        }
    }

    [Theory]
    [InlineData("order.paid", "{ }")]
    [InlineData("order.changed", "{}")]
    public async Task AppendAsync_KeyUsedForAnotherTypeOrPayload_ThrowsAndStoresNothingOfTheBatch(string eventType, string payload)
    {
        var first = NewMessage("acme", "key");
        await Store.Outbox.AppendAsync([first], default);
        var innocent = NewMessage("acme", "innocent");

        var thrown = await Assert.ThrowsAsync<IdempotencyKeyReusedException>(async () =>
            await Store.Outbox.AppendAsync([innocent, NewMessage("acme", "key", payload, eventType)], default));

        Assert.Equal(("key", first.Id), (thrown.IdempotencyKey, thrown.FirstMessageId));
        Assert.Empty(await Store.Outbox.GetMessagesAsync([innocent.Id], default));
        var retried = NewMessage("acme", "innocent", "[]");
        Assert.Equal([retried.Id], await Store.Outbox.AppendAsync([retried], default));
    }

    [Fact]
    public async Task AppendAsync_KeyUsedLessThanSevenDaysAgo_IsRememberedAfterFanOut()
    {
        var first = NewMessage(key: "key");
        await Store.Outbox.AppendAsync([first], default);
        await Store.Outbox.FanOutPendingAsync(10, PlanNothing, default);
        await Store.AdvanceAsync(KeyMemory - Slack);

        Assert.Equal([first.Id], await Store.Outbox.AppendAsync([NewMessage(key: "key")], default));
    }

    [Fact]
    public async Task AppendAsync_KeyUsedMoreThanSevenDaysAgo_IsFreeForAnyPayload()
    {
        await Store.Outbox.AppendAsync([NewMessage(key: "key")], default);
        await Store.Outbox.FanOutPendingAsync(10, PlanNothing, default);
        await Store.AdvanceAsync(KeyMemory + Slack);
        var message = NewMessage(key: "key", payload: "[]");

        Assert.Equal([message.Id], await Store.Outbox.AppendAsync([message], default));
        Assert.Equal([message.Id], await Store.Outbox.AppendAsync([NewMessage(key: "key", payload: "[]")], default));
        Assert.Equal(1, await CountPendingAsync());
    }

    [Fact]
    public async Task AppendAsync_SameKeyFromManyTasks_StoresOne()
    {
        var results = await Task.WhenAll(Enumerable.Range(0, 16).Select(_ => Task.Run(async () =>
            (await Store.Outbox.AppendAsync([NewMessage("acme", "key")], default))[0])));

        var id = Assert.Single(results.Distinct());
        Assert.Equal(id, (await ReadAsync(id)).Id);
        Assert.Equal(1, await CountPendingAsync());
    }

    [Fact]
    public async Task GetMessagesAsync_UnknownAndRepeatedIds_GivesEachStoredMessageOnce()
    {
        var messages = NewMessages(2);
        await Store.Outbox.AppendAsync(messages, default);

        var read = await Store.Outbox.GetMessagesAsync(
            [messages[1].Id, Ids.NewMessageId(), messages[0].Id, messages[1].Id], default);

        Assert.Equal(messages.Select(message => message.Id), read.Select(message => message.Id).Order());
        Assert.Empty(await Store.Outbox.GetMessagesAsync([], default));
    }

    [Fact]
    public async Task GetDuplicateOfAsync_UnknownOrOrdinaryMessage_GivesNull()
    {
        var message = NewMessage(key: "key");
        await Store.Outbox.AppendAsync([message], default);
        await Store.Outbox.FanOutPendingAsync(10, PlanNothing, default);

        Assert.Null(await Store.Outbox.GetDuplicateOfAsync(message.Id, default));
        Assert.Null(await Store.Outbox.GetDuplicateOfAsync(Ids.NewMessageId(), default));
    }

    private static void AssertSame(WebhookMessage expected, WebhookMessage actual)
    {
        Assert.Equal(expected.Payload.ToArray(), actual.Payload.ToArray());
        Assert.Equal(expected with { Payload = default }, actual with { Payload = default });
    }

    private async Task<WebhookMessage> ReadAsync(MessageId id) =>
        Assert.Single(await Store.Outbox.GetMessagesAsync([id], default));

    private async Task<int> CountPendingAsync() =>
        (await Store.Outbox.FanOutPendingAsync(1_000, PlanNothing, default)).Taken;
}
