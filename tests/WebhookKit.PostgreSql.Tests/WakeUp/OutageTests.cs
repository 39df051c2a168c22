using WebhookKit.EntityFrameworkCore.Tests.Postgres;
using WebhookKit.PostgreSql.Tests.Hosting;
using WebhookKit.Publishing;

namespace WebhookKit.PostgreSql.Tests.WakeUp;

/// <summary>Connections that end, and servers that come late or go: told once, survived, and nothing stays unheard.</summary>
public sealed class OutageTests : IAsyncLifetime
{
    private PostgresSchema _schema = null!;

    public async Task InitializeAsync() => _schema = await PostgresSchema.CreateAsync();

    public async Task DisposeAsync() => await _schema.DisposeAsync();

    [Fact]
    public async Task Listening_ConnectionTerminated_ListensAgainAndWakesOnceForWhatItMissed()
    {
        await using var one = await WakeUpNode.StartAsync(_schema.ConnectionString);
        await using var other = await WakeUpNode.StartAsync(_schema.ConnectionString);
        await other.WaitUntilListeningAsync();

        for (var times = 1; times <= 3; times++)
        {
            await ServerSessions.TerminateAsync(_schema.ConnectionString, other.Name);
            await other.WaitUntilListeningAsync();
            Assert.Equal((times, times), (other.Log.Count("WakeUpLost"), other.Log.Count("WakeUpRestored")));

            one.Signal.WakeOthers(WaitingWork.Messages);
            await other.WaitForAsync(WaitingWork.Messages);
            Assert.False(other.Signal.TakeWaiting(WaitingWork.Deliveries));
        }
    }

    [Fact]
    public async Task Notifying_IdleConnectionTerminated_TellsAllTheSameAndReportsNothing()
    {
        await using var publisher = await WakeUpNode.StartAsync(_schema.ConnectionString, isDispatching: false);
        await using var other = await WakeUpNode.StartAsync(_schema.ConnectionString);
        await other.WaitUntilListeningAsync();

        for (var times = 0; times < 3; times++)
        {
            publisher.Signal.WakeOthers(WaitingWork.Messages);
            await other.WaitForAsync(WaitingWork.Messages);
            await ServerSessions.TerminateAsync(_schema.ConnectionString, publisher.Name);
        }

        publisher.Signal.WakeOthers(WaitingWork.Messages);
        await other.WaitForAsync(WaitingWork.Messages);
        Assert.Equal(0, publisher.Log.Count("WakeUpLost"));
    }

    [Fact]
    public async Task Start_ServerComesLate_ConnectsWhenItIsThere()
    {
        await using var server = new ServerProxy(_schema.ConnectionString);
        await using var publisher = await WakeUpNode.StartAsync(server.ConnectionString, isDispatching: false);
        await using var other = await WakeUpNode.StartAsync(server.ConnectionString);
        publisher.Signal.WakeOthers(WaitingWork.Messages);
        await Eventually.UntilAsync(() => server.Refused >= 6, "refused six times");

        server.Start();

        await other.WaitUntilListeningAsync();
        await Eventually.UntilAsync(() => publisher.Log.Count("WakeUpRestored") == 1, "restored at the publisher");
        publisher.Signal.WakeOthers(WaitingWork.Messages);
        await other.WaitForAsync(WaitingWork.Messages);
        Assert.All([publisher, other], node => Assert.Equal((1, 1), (node.Log.Count("WakeUpLost"), node.Log.Count("WakeUpRestored"))));
    }

    [Fact]
    public async Task Restart_OfTheServer_EveryNodeComesBackAndIsWoken()
    {
        await using var server = new ServerProxy(_schema.ConnectionString);
        server.Start();
        await using var one = await WakeUpNode.StartAsync(server.ConnectionString);
        await using var other = await WakeUpNode.StartAsync(server.ConnectionString);
        await one.WaitUntilListeningAsync();
        await other.WaitUntilListeningAsync();
        one.Signal.WakeOthers(WaitingWork.Deliveries);
        await other.WaitForAsync(WaitingWork.Deliveries);

        server.Stop();
        one.Signal.WakeOthers(WaitingWork.Deliveries);
        await Eventually.UntilAsync(() => server.Refused >= 6, "refused six times");
        server.Start();

        await one.WaitUntilListeningAsync();
        await other.WaitUntilListeningAsync();
        one.Signal.WakeOthers(WaitingWork.Messages);
        await other.WaitForAsync(WaitingWork.Messages);
        Assert.All([one, other], node => Assert.Equal((1, 1), (node.Log.Count("WakeUpLost"), node.Log.Count("WakeUpRestored"))));
    }

    [Fact]
    public async Task Stop_ServerAway_EndsSoon()
    {
        await using var server = new ServerProxy(_schema.ConnectionString);
        await using var node = await WakeUpNode.StartAsync(server.ConnectionString);
        node.Signal.WakeOthers(WaitingWork.Messages);
        await Eventually.UntilAsync(() => server.Refused >= 2, "refused twice");

        await node.StopAsync().WaitAsync(TimeSpan.FromMinutes(2));
    }
}
