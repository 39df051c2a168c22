using WebhookKit.EntityFrameworkCore.Endpoints;

namespace WebhookKit.EntityFrameworkCore.Tests.Conformance;

/// <summary>Retention of deleted endpoints on large tables, and on several nodes at once.</summary>
public sealed class PostgresDeletedEndpointsTests : IAsyncLifetime
{
    private const int Enabled = 50_000;
    private const int DeletedLately = 2_000;
    private const int Deleted = 2_000;
    private const int BatchSize = 500;
    private const int OldDeliveries = 1_000;
    private const int Deliveries = 60_000;

    private static readonly TimeSpan Age = TimeSpan.FromDays(90);

    private PostgresNodes _nodes = null!;

    public async Task InitializeAsync()
    {
        _nodes = await PostgresNodes.CreateAsync();
        await _nodes.First.ExecuteAsync("ALTER TABLE webhook_endpoint_state SET (autovacuum_enabled = off)");
    }

    public async Task DisposeAsync() => await _nodes.DisposeAsync();

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Delete_AmongManyEndpointsAndDeliveries_LooksAtWhatWasDeletedAlone(bool hasStatistics)
    {
        await FillAsync(Enabled, daysAgo: 200, deletedDaysAgo: null);
        await FillAsync(DeletedLately, daysAgo: 150, deletedDaysAgo: 10);
        await FillAsync(Deleted, daysAgo: 120, deletedDaysAgo: 100);
        await Filling.FillAsync(_nodes.First, OldDeliveries, daysAgo: 110);
        await Filling.FillAsync(_nodes.First, Deliveries, daysAgo: 20);
        if (hasStatistics)
        {
            await _nodes.First.ExecuteAsync("ANALYZE");
        }

        var batches = await DeleteAsync(_nodes.First);

        Assert.Equal(Deleted, batches.Sum());
        Assert.All(batches, deleted => Assert.InRange(deleted, 0, BatchSize));
        var (scanned, fetched) = await _nodes.First.ReadScansAsync("webhook_endpoint_state", changedRows: Deleted);
        Assert.Equal(0, scanned);
        Assert.InRange(fetched, Deleted, 4 * Deleted);
        (scanned, fetched) = await _nodes.First.ReadScansAsync("webhook_deliveries", changedRows: 0);
        Assert.Equal(0, scanned);
        Assert.InRange(fetched, 0, batches.Count * 2 * OldDeliveries);
        Assert.Equal(Enabled + DeletedLately, await _nodes.First.CountAsync<EndpointStateEntity>());
    }

    [Fact]
    public async Task Delete_TwoNodesAtOnce_DeleteEachOnceAndNothingElse()
    {
        await FillAsync(Deleted, daysAgo: 120, deletedDaysAgo: 100);
        await FillAsync(100, daysAgo: 90, deletedDaysAgo: null);

        var deleted = await Task.WhenAll(
            Task.Run(() => DeleteAsync(_nodes.First)), Task.Run(() => DeleteAsync(_nodes.Second)));

        Assert.Equal(Deleted, deleted.Sum(ofNode => ofNode.Sum()));
        Assert.Equal(100, await _nodes.First.CountAsync<EndpointStateEntity>());
    }

    private Task FillAsync(int endpoints, int daysAgo, int? deletedDaysAgo) => _nodes.First.ExecuteAsync(
        $"""
        INSERT INTO webhook_endpoint_state (endpoint_id, status, status_reason, consecutive_failures, circuit, window_attempts,
          window_failures, is_failing, deleted_at)
        SELECT (lpad(to_hex((extract(epoch FROM now() - interval '{daysAgo} days') * 1000)::bigint + i), 12, '0') || '70008000' || lpad(to_hex(i), 12, '0'))::uuid,
          {(deletedDaysAgo is null ? "0, 0" : "2, 6")}, 0, 0, 0, 0, false,
          {(deletedDaysAgo is null ? "NULL" : $"now() - interval '{deletedDaysAgo} days'")}
        FROM generate_series(1, {endpoints}) i
        """);

    private static async Task<List<int>> DeleteAsync(PostgresHarness node)
    {
        var deleted = new List<int>();
        EndpointId? after = null;
        do
        {
            var batch = await node.Retention.DeleteEndpointsAsync(Age, after, BatchSize, default);
            deleted.Add(batch.Deleted);
            after = batch.Next;
        }
        while (after is not null);
        return deleted;
    }
}
