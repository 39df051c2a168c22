using Microsoft.EntityFrameworkCore;
using WebhookKit.EntityFrameworkCore.Deliveries;
using WebhookKit.EntityFrameworkCore.Dialects;
using WebhookKit.EntityFrameworkCore.Endpoints;
using WebhookKit.EntityFrameworkCore.Outbox;

namespace WebhookKit.EntityFrameworkCore.Tests.Dialects;

/// <summary>How SQLite runs the statements of dispatch: by index, whatever statistics it has.</summary>
public sealed class SqlitePlanTests : IAsyncLifetime
{
    private const string DueIndex = "webhook_deliveries_endpoint_id_is_retry_due_at";

    private SqliteShop _shop = null!;

    public async Task InitializeAsync() => _shop = await SqliteShop.OpenAsync();

    public async Task DisposeAsync() => await _shop.DisposeAsync();

    [Theory]
    [InlineData(Statistics.None)]
    [InlineData(Statistics.OfEmptyTables)]
    [InlineData(Statistics.OfFinishedDeliveries)]
    public async Task Sweep_JumpsThroughTheIndexOfPendingDeliveries(Statistics statistics)
    {
        await PrepareAsync(statistics);

        var plan = await ExplainAsync(SqliteDeliveryStatements.Sweep, "after", "max");

        AssertNoScan(plan);
        Assert.Equal(2, plan.Count(step => step.Contains(DueIndex, StringComparison.Ordinal) && step.EndsWith("(endpoint_id>?)", StringComparison.Ordinal)));
        Assert.Equal(2, plan.Count(step => step.Contains(DueIndex, StringComparison.Ordinal) && step.EndsWith("(endpoint_id=? AND is_retry=?)", StringComparison.Ordinal)));
        Assert.DoesNotContain(plan, step => step.Contains("TEMP B-TREE", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(Statistics.None)]
    [InlineData(Statistics.OfEmptyTables)]
    [InlineData(Statistics.OfFinishedDeliveries)]
    public async Task Lease_SeeksBothLanesAndSortsOnlyWhatTheyGive(Statistics statistics)
    {
        await PrepareAsync(statistics);

        var plan = await ExplainAsync(
            SqliteDeliveryStatements.Lease, "endpoint", "budget", "retries", "lease", "lease_end", "now", "metered");

        AssertNoScan(plan);
        Assert.Equal(2, plan.Count(step => step.Contains(DueIndex, StringComparison.Ordinal)
            && step.EndsWith("(endpoint_id=? AND is_retry=? AND due_at<?)", StringComparison.Ordinal)));
        Assert.Contains(plan, step => step.StartsWith("SEARCH webhook_deliveries USING INTEGER PRIMARY KEY", StringComparison.Ordinal));
        // One sort, of at most the budget of each lane.
        Assert.Single(plan, step => step.Contains("TEMP B-TREE", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(Statistics.None)]
    [InlineData(Statistics.OfEmptyTables)]
    [InlineData(Statistics.OfFinishedDeliveries)]
    public async Task Completion_FindsEveryRowByItsKey(Statistics statistics)
    {
        await PrepareAsync(statistics);

        var complete = await ExplainAsync(
            SqliteCompletion.Complete, "count", "id", "lease", "status", "reason", "due_at", "made", "passes");
        var record = await ExplainAsync(
            SqliteCompletion.Record,
            "count", "attempt", "id", "message", "number", "started_at", "duration", "outcome", "code",
            "response", "response_start", "response_length", "error", "error_start", "error_length");
        var restless = await ExplainAsync(SqliteEndpointStates.FindRestless, "count", "endpoint", "is_apart", "stale");
        var succeed = await ExplainAsync(SqliteEndpointStates.Succeed, "count", "endpoint", "now");
        var state = await ExplainAsync(SqliteEndpointStates.Find, "endpoint");

        AssertNoScan(complete);
        Assert.Contains(complete, IsSearchById);
        AssertNoScan(record);
        Assert.Contains(record, IsSearchById);
        Assert.All([restless, succeed, state], plan =>
        {
            AssertNoScan(plan);
            Assert.Contains(plan, step => step.StartsWith("SEARCH s USING ", StringComparison.Ordinal)
                && step.EndsWith("INDEX sqlite_autoindex_webhook_endpoint_state_1 (endpoint_id=?)", StringComparison.Ordinal));
        });

        static bool IsSearchById(string step) =>
            step.StartsWith("SEARCH d USING ", StringComparison.Ordinal)
            && step.EndsWith(" sqlite_autoindex_webhook_deliveries_1 (id=?)", StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(Statistics.None)]
    [InlineData(Statistics.OfEmptyTables)]
    [InlineData(Statistics.OfFinishedDeliveries)]
    public async Task PromotionAndOutbox_FindEveryRowByAnIndex(Statistics statistics)
    {
        await PrepareAsync(statistics);

        var promote = await ExplainAsync(SqliteDeliveryStatements.Promote, "endpoint", "key", "never");
        var first = await ExplainAsync(SqliteOutbox.First, "max");
        var find = await ExplainAsync(SqliteOutbox.Find, "count", "id");
        var take = await ExplainAsync(SqliteOutbox.Take, "first", "last");
        var message = await ExplainAsync(SqliteMessages.Find, "id");

        AssertNoScan(promote);
        Assert.Contains(promote, step => step.EndsWith("(endpoint_id=? AND ordering_key=?)", StringComparison.Ordinal));
        Assert.DoesNotContain(promote, step => step.Contains("TEMP B-TREE", StringComparison.Ordinal));
        Assert.Contains("SEARCH m USING INDEX sqlite_autoindex_webhook_messages_1 (id=?)", first);
        Assert.DoesNotContain(first, step => step.Contains("TEMP B-TREE", StringComparison.Ordinal));
        Assert.Contains(find, step => step.StartsWith("SEARCH o ", StringComparison.Ordinal) && step.EndsWith("(message_id=?)", StringComparison.Ordinal));
        Assert.Equal("SEARCH webhook_outbox USING INTEGER PRIMARY KEY (rowid>? AND rowid<?)", Assert.Single(take));
        Assert.Equal("SEARCH m USING INDEX sqlite_autoindex_webhook_messages_1 (id=?)", Assert.Single(message));
    }

    [Theory]
    [InlineData(Statistics.None)]
    [InlineData(Statistics.OfEmptyTables)]
    [InlineData(Statistics.OfFinishedDeliveries)]
    public async Task SkipDisabled_ReadsTheIndexOfPendingDeliveriesInItsOrder(Statistics statistics)
    {
        await PrepareAsync(statistics);
        var now = DateTimeOffset.UnixEpoch;

        var some = await ExplainAsync(db => WaitingDeliveries.Some(db, _shop.Ids.NewEndpointId(), now, 50));
        var still = await ExplainAsync(db => WaitingDeliveries.StillWaiting(
            db, [.. Enumerable.Range(0, 50).Select(_ => _shop.Ids.NewDeliveryId())], now));

        Assert.Contains(some, step => step.Contains(DueIndex, StringComparison.Ordinal) && step.EndsWith("(endpoint_id=?)", StringComparison.Ordinal));
        Assert.DoesNotContain(some, step => step.Contains("TEMP B-TREE", StringComparison.Ordinal));
        Assert.Contains(still, step => step.EndsWith(" sqlite_autoindex_webhook_deliveries_1 (id=?)", StringComparison.Ordinal));
        Assert.All([some, still], plan => Assert.DoesNotContain(plan, step => step.StartsWith("SCAN w", StringComparison.Ordinal)));
    }

    private static void AssertNoScan(IReadOnlyList<string> plan) => Assert.DoesNotContain(plan, step =>
        step.StartsWith("SCAN d", StringComparison.Ordinal) || step.StartsWith("SCAN webhook_", StringComparison.Ordinal)
        || step.StartsWith("SCAN s", StringComparison.Ordinal) || step.StartsWith("SCAN m", StringComparison.Ordinal));

    private async Task PrepareAsync(Statistics statistics)
    {
        if (statistics == Statistics.OfFinishedDeliveries)
        {
            var endpoints = await _shop.DeclareAsync(20);
            await _shop.AppendAsync(50);
            await _shop.FanOutAsync(endpoints);
            var leased = await _shop.LeaseAsync(45, endpoints);
            await _shop.Deliveries.CompleteAsync([.. leased.Select(_shop.Succeed)], [], default);
        }

        if (statistics != Statistics.None)
        {
            await _shop.UseAsync(db => db.Database.ExecuteSqlRawAsync("ANALYZE"));
        }
    }

    private async Task<IReadOnlyList<string>> ExplainAsync<T>(Func<DbContext, IQueryable<T>> query)
    {
        IReadOnlyList<string> plan = [];
        await _shop.UseAsync(async db =>
        {
            await db.Database.OpenConnectionAsync();
            var command = query(db).CreateDbCommand();
            command.CommandText = "EXPLAIN QUERY PLAN " + command.CommandText;
            plan = await command.ReadRowsAsync(reader => reader.GetString(3), default);
        });
        return plan;
    }

    private async Task<IReadOnlyList<string>> ExplainAsync(SqlTemplate sql, params string[] parameters)
    {
        IReadOnlyList<string> plan = [];
        await _shop.UseAsync(async db =>
        {
            await db.Database.OpenConnectionAsync();
            plan = await db.CreateCommand(
                "EXPLAIN QUERY PLAN " + sql.For(db), Array.ConvertAll(parameters, name => ("@" + name, (object?)null)))
                .ReadRowsAsync(reader => reader.GetString(3), default);
        });
        return plan;
    }
}

public enum Statistics
{
    None,
    OfEmptyTables,
    OfFinishedDeliveries,
}
