using WebhookKit.Deliveries;
using WebhookKit.EntityFrameworkCore.Deliveries;
using WebhookKit.EntityFrameworkCore.Outbox;
using WebhookKit.Idempotency;
using WebhookKit.Identifiers;
using WebhookKit.Inbox;
using WebhookKit.Retention;

namespace WebhookKit.EntityFrameworkCore.Tests.Conformance;

/// <summary>Retention on large tables, and on several nodes at once.</summary>
public sealed class PostgresRetentionTests : IAsyncLifetime
{
    private const int Old = 20_000;
    private const int Young = 60_000;
    private const int BatchSize = 500;

    private static readonly TimeSpan Month = TimeSpan.FromDays(30);
    private static readonly DeliveryRetention Retention = new(Month, 3 * Month, 3 * Month, Month);

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
    public async Task Delete_ManyFinishedRows_LooksAtThoseAloneInBatches()
    {
        await Filling.FillAsync(_first, Old, daysAgo: 40);
        await Filling.FillAsync(_first, Young, daysAgo: 10);
        // What autovacuum has done long before anything is old enough.
        await _first.ExecuteAsync("ANALYZE");

        var deliveries = await DeleteDeliveriesAsync(_first);
        var messages = await DeleteMessagesAsync(_first);

        Assert.Equal(Old, deliveries.Sum());
        Assert.Equal(Old, messages.Sum());
        Assert.All(deliveries.Concat(messages), deleted => Assert.InRange(deleted, 0, BatchSize));
        foreach (var table in new[] { "webhook_deliveries", "webhook_attempts", "webhook_messages" })
        {
            var (scanned, fetched) = await _first.ReadScansAsync(table, changedRows: Old);
            Assert.Equal(0, scanned);
            Assert.InRange(fetched, Old, 8 * Old);
        }

        Assert.Equal(Young, await _first.CountAsync<DeliveryEntity>());
        Assert.Equal(Young, await _first.CountAsync<AttemptEntity>());
        Assert.Equal(Young, await _first.CountAsync<MessageEntity>());
    }

    [Fact]
    public async Task Delete_TwoNodesAtOnce_DeleteEverythingOnceAndNothingElse()
    {
        await Filling.FillAsync(_first, 5_000, daysAgo: 40);
        await Filling.FillAsync(_first, 1_000, daysAgo: 10);

        var deliveries = await Task.WhenAll(
            Task.Run(() => DeleteDeliveriesAsync(_first)), Task.Run(() => DeleteDeliveriesAsync(_second)));
        var messages = await Task.WhenAll(
            Task.Run(() => DeleteMessagesAsync(_first)), Task.Run(() => DeleteMessagesAsync(_second)));

        Assert.Equal(5_000, deliveries.Sum(ofNode => ofNode.Sum()));
        Assert.Equal(5_000, messages.Sum(ofNode => ofNode.Sum()));
        Assert.Equal(1_000, await _first.CountAsync<DeliveryEntity>());
        Assert.Equal(1_000, await _first.CountAsync<AttemptEntity>());
        Assert.Equal(1_000, await _first.CountAsync<MessageEntity>());
    }

    [Fact]
    public async Task Delete_DeliveryBecomesPendingMeanwhile_IsKeptWithItsAttempts()
    {
        await Filling.FillAsync(_first, 10, daysAgo: 40);
        // The page is read and the deletion waits; what commits before it goes on is seen by it.
        var blocker = await _first.LockDeliveriesAsync();
        var deletion = Task.Run(() => DeleteDeliveriesAsync(_second));
        await _first.WaitUntilBlockedAsync();
        await PostgresHarness.CommitAsync(blocker, "UPDATE webhook_deliveries SET status = 0");

        Assert.Equal([0], await deletion);
        Assert.Equal(10, await _first.CountAsync<DeliveryEntity>());
        Assert.Equal(10, await _first.CountAsync<AttemptEntity>());
    }

    [Fact]
    public async Task DeleteExpired_TwoNodesAtOnce_DeleteEachOnce()
    {
        var claims = Enumerable.Range(0, 400).Select(i => new InboxEntry
        {
            Claim = new WebhookClaim("shop", null, $"evt_{i}", TimeSpan.FromDays(7)),
            EventType = "order.paid",
            Payload = default,
        }).ToArray();
        await _first.Inbox.AppendAsync(claims, default);
        await _first.Outbox.AppendAsync([.. Enumerable.Range(0, 400).Select(i => NewMessage($"key-{i}"))], default);
        await _first.AdvanceAsync(TimeSpan.FromDays(8));
        await _second.AdvanceAsync(TimeSpan.FromDays(8));

        var deleted = await Task.WhenAll(new[] { _first, _second }.Select(node => Task.Run(async () =>
        {
            var (ofClaims, ofKeys) = (0, 0);
            for (var i = 0; i < 20; i++)
            {
                ofClaims += await node.Claims.DeleteExpiredAsync(50, default);
                ofKeys += await node.Retention.DeleteExpiredKeysAsync(50, default);
            }

            return (ofClaims, ofKeys);
        })));

        Assert.Equal((400, 400), (deleted.Sum(node => node.ofClaims), deleted.Sum(node => node.ofKeys)));
    }

    private async Task<List<int>> DeleteDeliveriesAsync(PostgresHarness node)
    {
        var deleted = new List<int>();
        DeliveryId? after = null;
        do
        {
            var batch = await node.Retention.DeleteDeliveriesAsync(Retention, after, BatchSize, default);
            deleted.Add(batch.Deleted);
            after = batch.Next;
        }
        while (after is not null);
        return deleted;
    }

    private async Task<List<int>> DeleteMessagesAsync(PostgresHarness node)
    {
        var deleted = new List<int>();
        MessageId? after = null;
        do
        {
            var batch = await node.Retention.DeleteMessagesAsync(Month, after, BatchSize, default);
            deleted.Add(batch.Deleted);
            after = batch.Next;
        }
        while (after is not null);
        return deleted;
    }

    private WebhookMessage NewMessage(string key) => new()
    {
        Id = _ids.NewMessageId(),
        EventType = "order.paid",
        Payload = "{}"u8.ToArray(),
        OccurredAt = DateTimeOffset.UnixEpoch,
        IdempotencyKey = key,
    };
}
