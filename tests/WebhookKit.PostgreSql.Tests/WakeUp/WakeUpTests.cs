using Npgsql;
using WebhookKit.EntityFrameworkCore.Tests.Postgres;
using WebhookKit.PostgreSql.Tests.Hosting;
using WebhookKit.Publishing;

namespace WebhookKit.PostgreSql.Tests.WakeUp;

/// <summary>Processes that tell each other through one database, each by connections of its own.</summary>
public sealed class WakeUpTests : IAsyncLifetime
{
    private PostgresSchema _schema = null!;

    public async Task InitializeAsync() => _schema = await PostgresSchema.CreateAsync();

    public async Task DisposeAsync() => await _schema.DisposeAsync();

    [Theory]
    [InlineData(WaitingWork.Messages)]
    [InlineData(WaitingWork.Deliveries)]
    public async Task WakeOthers_TwoNodes_WakesTheOtherForThatWorkOnlyAndNeverItself(WaitingWork work)
    {
        await using var one = await WakeUpNode.StartAsync(_schema.ConnectionString);
        await using var other = await WakeUpNode.StartAsync(_schema.ConnectionString);
        await one.WaitUntilListeningAsync();
        await other.WaitUntilListeningAsync();

        one.Signal.WakeOthers(work);
        await other.WaitForAsync(work);

        // What comes back from the other has passed everything that could have come from this one.
        other.Signal.WakeOthers(WaitingWork.Messages | WaitingWork.Deliveries);
        await one.WaitForAsync(WaitingWork.Messages);
        one.Signal.TakeWaiting(WaitingWork.Deliveries);
        one.Signal.WakeOthers(work);
        await other.WaitForAsync(work);
        Assert.False(one.Signal.TakeWaiting(WaitingWork.Messages | WaitingWork.Deliveries));
        Assert.False(other.Signal.TakeWaiting((WaitingWork.Messages | WaitingWork.Deliveries) & ~work));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Connections_OneForEachNode_ListensOnlyWhereADispatcherIs(bool isDispatching)
    {
        await using var node = await WakeUpNode.StartAsync(_schema.ConnectionString, isDispatching);

        var statement = Assert.Single(await Eventually.ReadAsync(
            () => ServerSessions.ReadAsync(_schema.ConnectionString, node.Name),
            statements => statements.Count > 0 && (!isDispatching || statements[0].StartsWith("LISTEN", StringComparison.Ordinal)),
            "the node's connections"));

        Assert.Equal(isDispatching, statement.StartsWith("LISTEN", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Stop_WorkUntold_TellsItAndClosesItsConnections()
    {
        await using var tap = await ChannelTap.StartAsync(_schema.ConnectionString);
        await using var node = await WakeUpNode.StartAsync(_schema.ConnectionString);
        await node.WaitUntilListeningAsync();

        // The second of them still waits for its time when the node stops.
        node.Signal.WakeOthers(WaitingWork.Messages);
        await Eventually.UntilAsync(() => tap.Notifications.Count == 1, "the first notification");
        node.Signal.WakeOthers(WaitingWork.Deliveries);
        await node.StopAsync();

        await Eventually.UntilAsync(() => tap.Notifications.Count == 2, "the last notification");
        Assert.EndsWith(" 2", tap.Notifications.Last().Payload, StringComparison.Ordinal);
        await Eventually.ReadAsync(
            () => ServerSessions.ReadAsync(_schema.ConnectionString, node.Name), statements => statements.Count == 0, "its connections");
    }

    [Theory]
    [InlineData("Orders of \"Ünï\"; --")]
    [InlineData("a channel of sixty-three bytes, the most that PostgreSQL takes.")]
    public async Task Channel_OfTheHost_DividesApplicationsOnOneSchema(string channel)
    {
        await using var one = await WakeUpNode.StartAsync(_schema.ConnectionString, configure: options => options.Channel = channel);
        await using var other = await WakeUpNode.StartAsync(_schema.ConnectionString, configure: options => options.Channel = channel);
        await using var stranger = await WakeUpNode.StartAsync(_schema.ConnectionString);
        foreach (var node in new[] { one, other, stranger })
        {
            await node.WaitUntilListeningAsync();
        }

        one.Signal.WakeOthers(WaitingWork.Messages);
        await other.WaitForAsync(WaitingWork.Messages);

        Assert.False(stranger.Signal.TakeWaiting(WaitingWork.Messages));
    }

    [Fact]
    public async Task Channel_ByDefault_DividesSchemas()
    {
        await using var elsewhere = await PostgresSchema.CreateAsync();
        await using var one = await WakeUpNode.StartAsync(_schema.ConnectionString);
        await using var other = await WakeUpNode.StartAsync(_schema.ConnectionString);
        await using var stranger = await WakeUpNode.StartAsync(elsewhere.ConnectionString);
        await other.WaitUntilListeningAsync();
        await stranger.WaitUntilListeningAsync();

        one.Signal.WakeOthers(WaitingWork.Messages);
        await other.WaitForAsync(WaitingWork.Messages);

        Assert.False(stranger.Signal.TakeWaiting(WaitingWork.Messages));
    }

    [Fact]
    public async Task DataSource_SmallestPool_IsLeftToTheHost()
    {
        await using var dataSource = NpgsqlDataSource.Create(
            new NpgsqlConnectionStringBuilder(_schema.ConnectionString) { MaxPoolSize = 1, Timeout = 5 }.ConnectionString);
        await using var connection = await dataSource.OpenConnectionAsync();
        await using var one = await WakeUpNode.StartAsync(_schema.ConnectionString, configure: TakeDataSource);
        await using var other = await WakeUpNode.StartAsync(_schema.ConnectionString, configure: TakeDataSource);
        await other.WaitUntilListeningAsync();

        one.Signal.WakeOthers(WaitingWork.Messages);

        await other.WaitForAsync(WaitingWork.Messages);

        void TakeDataSource(PostgreSqlWakeUpOptions options) => (options.ConnectionString, options.DataSource) = (null, dataSource);
    }
}
