using System.Diagnostics;
using Microsoft.EntityFrameworkCore;
using WebhookKit.EntityFrameworkCore.Tests.Postgres;
using WebhookKit.PostgreSql.Tests.Hosting;
using WebhookKit.Testing;

namespace WebhookKit.PostgreSql.Tests.Dispatch;

/// <summary>What the database sees of a publish-only node's notifications.</summary>
public sealed class NotificationsTests : IAsyncLifetime
{
    private PostgresSchema _schema = null!;
    private ChannelTap _tap = null!;
    private Node _node = null!;

    public async Task InitializeAsync()
    {
        _schema = await PostgresSchema.CreateAsync();
        _tap = await ChannelTap.StartAsync(_schema.ConnectionString);
        _node = await Node.StartAsync(
            _schema.ConnectionString,
            new Dictionary<string, ScriptedReceiver>(),
            sender => sender.DisableDispatcher(),
            webhooks => webhooks.UsePostgreSqlWakeUp(_schema.ConnectionString));
    }

    public async Task DisposeAsync()
    {
        await _node.DisposeAsync();
        await _tap.DisposeAsync();
        await _schema.DisposeAsync();
    }

    [Fact]
    public async Task Publish_AThousandTimes_AtMostOneNotificationIn20Milliseconds()
    {
        var watch = Stopwatch.StartNew();
        await Parallel.ForAsync(
            0, 1_000, new ParallelOptions { MaxDegreeOfParallelism = 8 }, async (order, _) => await _node.Publisher.PublishAsync(new OrderPaid($"{order}")));
        await SeeTheLastOneAsync();

        Assert.InRange(_tap.Notifications.Count, 2, (watch.Elapsed.TotalMilliseconds / 20) + 2);
    }

    [Fact]
    public async Task Publish_InATransaction_NotifiesAfterTheCommitOnAnotherConnectionOnly()
    {
        await _node.InDbAsync(async db =>
        {
            foreach (var isCommitted in new[] { false, true })
            {
                await using var transaction = await db.Database.BeginTransactionAsync();
                db.PublishWebhook(new OrderPaid("A"));
                await db.SaveChangesAsync();
                await Task.Delay(TimeSpan.FromMilliseconds(200));
                Assert.Empty(_tap.Notifications);
                var own = await db.Database.SqlQuery<int>($"SELECT pg_backend_pid() AS \"Value\"").SingleAsync();
                if (isCommitted)
                {
                    await transaction.CommitAsync();
                    await SeeTheLastOneAsync();
                    Assert.DoesNotContain(own, _tap.Notifications.Select(notification => notification.PID));
                }
                else
                {
                    await transaction.RollbackAsync();
                    await Task.Delay(TimeSpan.FromMilliseconds(200));
                    Assert.Empty(_tap.Notifications);
                }
            }
        });
    }

    private async Task SeeTheLastOneAsync()
    {
        await Eventually.UntilAsync(() => _tap.Notifications.Count > 0, "the first notification");
        int seen;
        do
        {
            seen = _tap.Notifications.Count;
            await Task.Delay(TimeSpan.FromMilliseconds(200));
        }
        while (seen != _tap.Notifications.Count);
    }
}
