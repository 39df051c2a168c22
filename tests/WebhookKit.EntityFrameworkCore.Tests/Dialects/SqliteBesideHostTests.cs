using System.Diagnostics;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using WebhookKit.Deliveries;
using WebhookKit.EntityFrameworkCore.Dialects;
using WebhookKit.EntityFrameworkCore.Tests.Publishing;
using WebhookKit.Testing;

namespace WebhookKit.EntityFrameworkCore.Tests.Dialects;

/// <summary>The engine's writes and the host's own, on one SQLite file.</summary>
public sealed class SqliteBesideHostTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task CompleteAsync_HostsTransactionLasts_BeginsNoneUntilItEnds(bool commits)
    {
        await using var shop = await SqliteShop.OpenAsync(new FakeTimeProvider());
        var endpoint = (await shop.DeclareAsync(1))[0];
        await shop.AppendAsync(1);
        await shop.FanOutAsync(endpoint);
        var leased = Assert.Single(await shop.LeaseAsync(1, endpoint));
        Task<IReadOnlyList<DeliveryId>>? completing = null;

        await shop.UseAsync(async db =>
        {
            await using var transaction = await db.Database.BeginTransactionAsync();
            var before = shop.TransactionsBegun;
            completing = shop.Deliveries.CompleteAsync([shop.Succeed(leased)], [], default).AsTask();
            db.Add(new Order { Number = "A" });
            await db.SaveChangesAsync();
            Assert.False(completing.IsCompleted);
            Assert.Equal(before, shop.TransactionsBegun);
            await (commits ? transaction.CommitAsync() : transaction.RollbackAsync());
        });

        Assert.Empty(await completing!.WaitAsync(Patience));
    }

    [Fact]
    public async Task CompleteAsync_HostHoldsTheLockLongerThanTheDispatcherStepsBack_BeginsAllTheSame()
    {
        var time = new FakeTimeProvider();
        await using var shop = await SqliteShop.OpenAsync(time);
        var endpoint = (await shop.DeclareAsync(1))[0];
        await shop.AppendAsync(1);
        await shop.FanOutAsync(endpoint);
        var leased = Assert.Single(await shop.LeaseAsync(1, endpoint));
        Task<IReadOnlyList<DeliveryId>>? completing = null;

        await shop.UseAsync(async db =>
        {
            await using var transaction = await db.Database.BeginTransactionAsync();
            var begun = shop.NextTransactionAsync();
            completing = Task.Run(async () => await shop.Deliveries.CompleteAsync([shop.Succeed(leased)], [], default));
            // Not on this thread: whoever moves the clock goes on with what waited for it, into the lock held here.
            var moves = new List<Task>();
            await UntilAsync(() =>
            {
                moves.Add(Task.Run(() => time.Advance(WriterTurns.MaxStepBack)));
                return begun.IsCompleted;
            });
            await transaction.CommitAsync();
            await Task.WhenAll(moves).WaitAsync(Patience);
        });

        Assert.Empty(await completing!.WaitAsync(Patience));
    }

    [Fact]
    public async Task SkipDisabledAsync_ManyDeliveries_LetsTheHostInBetween()
    {
        await using var shop = await SqliteShop.OpenAsync();
        await shop.AppendAsync(120);
        var deleted = shop.Ids.NewEndpointId();
        await shop.FanOutAsync(deleted);
        var before = shop.TransactionsBegun;

        Assert.Equal(120, await shop.Deliveries.SkipDisabledAsync(deleted, 500, default));

        Assert.Equal(3, shop.TransactionsBegun - before);
    }

    [Fact]
    public async Task CompleteAsync_AnotherConnectionHoldsTheLock_WaitsForIt()
    {
        await using var shop = await SqliteShop.OpenAsync();
        var endpoint = (await shop.DeclareAsync(1))[0];
        await shop.AppendAsync(1);
        await shop.FanOutAsync(endpoint);
        var leased = Assert.Single(await shop.LeaseAsync(1, endpoint));
        await using var other = new SqliteConnection(shop.ConnectionString);
        await other.OpenAsync();
        var transaction = other.BeginTransaction();
        var begun = shop.NextTransactionAsync();

        var completing = Task.Run(async () => await shop.Deliveries.CompleteAsync([shop.Succeed(leased)], [], default));
        await begun.WaitAsync(Patience);
        await Task.Delay(300);
        Assert.False(completing.IsCompleted);
        await transaction.DisposeAsync();

        Assert.Empty(await completing.WaitAsync(Patience));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task LargeBatches_AreWrittenInAsManyTurnsAsTheyTake(bool areSlow)
    {
        await using var shop = await SqliteShop.OpenAsync(areSlow ? new SteppingTime(WriterTurns.MaxTurn) : new FakeTimeProvider());
        var endpoints = await shop.DeclareAsync(100);
        await shop.AppendAsync(5);
        var before = shop.TransactionsBegun;

        var fannedOut = await shop.FanOutAsync(endpoints);
        Assert.Equal((5, 500), (fannedOut.Taken, fannedOut.Deliveries.Count));
        Assert.Equal(areSlow ? 5 : 1, Begun());

        var leased = await shop.LeaseAsync(5, endpoints);
        Assert.Equal(500, leased.DistinctBy(delivery => delivery.Id).Count());
        Assert.Equal(areSlow ? 10 : 1, Begun());

        Assert.Empty(await shop.Deliveries.CompleteAsync([.. leased.Select(shop.Succeed)], [], default));
        Assert.Equal(areSlow ? 10 : 1, Begun());
        Assert.Empty(await shop.Deliveries.SweepAsync(null, 1000, default));

        int Begun() => -before + (before = shop.TransactionsBegun);
    }

    [Theory]
    [InlineData("PRAGMA journal_mode = WAL", 1)]
    [InlineData("PRAGMA journal_mode = DELETE", 2)]
    public async Task CompleteAsync_WaitsForTheDiskOnlyWithoutALogAndLeavesTheHostItsOwnSetting(string journal, long whileWriting)
    {
        await using var shop = await SqliteShop.OpenAsync();
        await shop.UseAsync(db => db.Database.ExecuteSqlRawAsync(journal));
        var endpoint = (await shop.DeclareAsync(1))[0];
        await shop.AppendAsync(1);
        await shop.FanOutAsync(endpoint);
        var leased = Assert.Single(await shop.LeaseAsync(1, endpoint));

        await shop.Deliveries.CompleteAsync([shop.Succeed(leased)], [], default);
        Assert.Equal(whileWriting, shop.LastSynchronous);

        await shop.UseAsync(async db =>
        {
            await using var transaction = await db.Database.BeginTransactionAsync();
            Assert.Equal(2, shop.LastSynchronous);
        });
    }

    [Fact]
    public async Task HostAndDispatcher_BothNeverPause_NeitherFailsNorStarves()
    {
        await using var shop = await SqliteShop.OpenAsync();
        var endpoint = (await shop.DeclareAsync(1))[0];
        await shop.AppendAsync(300);
        using var deadline = new CancellationTokenSource(Patience);
        var (saved, completed) = (0, 0);

        await Task.WhenAll(
            Task.Run(() => SaveUntilAsync(() => completed >= 300)),
            Task.Run(() => SaveUntilAsync(() => completed >= 300)),
            Task.Run(async () =>
            {
                await shop.FanOutAsync(endpoint);
                while (completed < 300 || saved < 100)
                {
                    deadline.Token.ThrowIfCancellationRequested();
                    var leased = await shop.LeaseAsync(5, endpoint);
                    await shop.Deliveries.CompleteAsync([.. leased.Select(shop.Succeed)], [], deadline.Token);
                    Interlocked.Add(ref completed, leased.Count);
                }
            }));

        Assert.Equal(300, completed);

        async Task SaveUntilAsync(Func<bool> isOver)
        {
            while (!isOver() || saved < 100)
            {
                deadline.Token.ThrowIfCancellationRequested();
                await shop.UseAsync(async db =>
                {
                    db.Add(new Order { Number = $"{Interlocked.Increment(ref saved)}" });
                    await db.SaveChangesAsync();
                });
            }
        }
    }

    [Fact]
    public async Task SaveChanges_InsideAHandlerOnItsOwnContext_WaitsForNobody()
    {
        await using var shop = await SqliteShop.OpenAsync();
        var watch = Stopwatch.StartNew();

        await shop.HandleAsync(async db =>
        {
            db.Add(new Order { Number = "A" });
            await db.SaveChangesAsync();
        });

        await shop.UseAsync(async db => Assert.Equal(1, await db.Orders.CountAsync()));

        // Who waits for the lock waits for as long as the connection's time-out, which is two minutes.
        Assert.InRange(watch.Elapsed, TimeSpan.Zero, TimeSpan.FromMinutes(1));
    }

    private static async Task UntilAsync(Func<bool> condition)
    {
        var watch = Stopwatch.StartNew();
        while (!condition())
        {
            Assert.InRange(watch.Elapsed, TimeSpan.Zero, Patience);
            await Task.Delay(5);
        }
    }

    /// <summary>Time that passes by being looked at.</summary>
    private sealed class SteppingTime(TimeSpan step) : TimeProvider
    {
        private long _ticks;

        public override long TimestampFrequency => TimeSpan.TicksPerSecond;

        public override long GetTimestamp() => Interlocked.Add(ref _ticks, step.Ticks);
    }
}
