using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Storage;
using WebhookKit.Deliveries;
using WebhookKit.Endpoints;
using WebhookKit.EntityFrameworkCore.Dialects;
using WebhookKit.EntityFrameworkCore.Tests.Publishing;
using WebhookKit.StoreConformance;
using WebhookKit.StoreConformance.Deliveries;

namespace WebhookKit.EntityFrameworkCore.Tests.Conformance;

/// <summary>The transaction of a completion fails, the host's strategy runs it again, and meanwhile a lease has passed on.</summary>
public sealed class PostgresCompletionRetryTests : CompletionRetrySuite
{
    private protected override Dialect Dialect => Dialect.PostgreSql;
}

public sealed class PortablePostgresCompletionRetryTests : CompletionRetrySuite
{
    private protected override Dialect Dialect => Dialect.Portable;
}

public abstract class CompletionRetrySuite : DeliverySuite
{
    private readonly CommitFaults _faults = new();

    private protected abstract Dialect Dialect { get; }

    protected override async Task<StoreHarness> CreateAsync() => await PostgresHarness.CreateFirstAsync(
        Dialect,
        options => options.AddInterceptors(_faults).ReplaceService<IExecutionStrategyFactory, RetryingStrategyFactory>());

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task CompleteAsync_LeasePassedOnBetweenTwoRuns_IsLateThoughTheFirstRunHeldIt(bool succeeds)
    {
        var endpoint = (await DeclareAsync("one"))[0];

        // A line is left, so that also what goes well is a transaction.
        await Store.Outbox.AppendAsync([.. NewMessages(2).Select((message, n) => message with { OrderingKey = $"{n}" })], default);
        await Store.Outbox.FanOutPendingAsync(
            2, Plan(message => [NewDelivery(message.Id, endpoint) with { OrderingKey = message.OrderingKey }]), default);
        var leased = await LeaseAllAsync(endpoint);
        Assert.Equal(2, leased.Count);
        var (lost, kept) = (leased[0], leased[1]);
        _faults.Next = transaction =>
        {
            transaction.Rollback();
            ((PostgresHarness)Store).ExecuteAsync(
                $"UPDATE webhook_deliveries SET lease_id = gen_random_uuid() WHERE id = '{lost.Id.Value}'").GetAwaiter().GetResult();
            throw new TransientException();
        };

        var late = await Store.Deliveries.CompleteAsync(
            [.. leased.Select(one => succeeds ? Succeed(one) : Fail(one))],
            [new EndpointHealth { EndpointId = endpoint, Successes = succeeds ? 2 : 0, Failures = succeeds ? 0 : 2 }],
            default);

        Assert.Null(_faults.Next);
        Assert.Equal([lost.Id], late);
        Assert.Equal((DeliveryStatus.Pending, 0), ((await ReadAsync(lost)).Status, (await ReadAsync(lost)).Attempts));
        Assert.Equal(1, (await ReadAsync(kept)).Attempts);
        Assert.True(Assert.Single(await Store.Deliveries.GetAttemptsAsync(lost.Id, default)).IsLate);
        Assert.False(Assert.Single(await Store.Deliveries.GetAttemptsAsync(kept.Id, default)).IsLate);
    }
}
