using System.Diagnostics;
using WebhookKit.Idempotency;

namespace WebhookKit.EntityFrameworkCore.Tests.Conformance;

/// <summary>SQLite has one writer: who waits for it must not take the threads of who writes.</summary>
public sealed class SqliteWritersTests
{
    [Fact]
    public async Task ExecuteAsync_ManyEventsWhoseHandlersWait_AreHandledInTurn()
    {
        await using var store = await SqliteHarness.CreateAsync();
        var watch = Stopwatch.StartNew();

        var results = await Task.WhenAll(Enumerable.Range(0, 60).Select(i => Task.Run(async () =>
            await store.HandlerTransaction.ExecuteAsync(
                new WebhookClaim("shop", null, $"evt_{i}", ClaimDefaults.Memory),
                async (scope, token) =>
                {
                    await Task.Delay(20, token);
                    await store.RecordEffectAsync(scope, $"{i}");
                },
                default))));

        Assert.All(results, result => Assert.Equal(HandlingResult.Handled, result));
        Assert.InRange(watch.Elapsed, TimeSpan.Zero, TimeSpan.FromMinutes(1));
    }
}
