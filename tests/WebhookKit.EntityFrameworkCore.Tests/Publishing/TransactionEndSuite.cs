using System.Transactions;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Storage;
using Microsoft.Extensions.DependencyInjection;
using WebhookKit.EntityFrameworkCore.Publishing;

namespace WebhookKit.EntityFrameworkCore.Tests.Publishing;

public enum TransactionEnd
{
    Commit,
    Rollback,
    Dispose,
    CloseConnection,
    RefuseCommit,
    LoseAnswerOfCommit,
}

/// <summary>
/// What is handed over from memory, for every way a transaction can end: once, when the commit is certain, and nothing of
/// it afterwards. What is sent is decided by the rows alone.
/// </summary>
public abstract class TransactionEndSuite
{
    protected abstract Task<CaptureDatabase> CreateDatabaseAsync();

    [Theory]
    [InlineData(TransactionEnd.Commit, true, true)]
    [InlineData(TransactionEnd.Commit, false, true)]
    [InlineData(TransactionEnd.Rollback, true, false)]
    [InlineData(TransactionEnd.Rollback, false, false)]
    [InlineData(TransactionEnd.Dispose, true, false)]
    [InlineData(TransactionEnd.Dispose, false, false)]
    [InlineData(TransactionEnd.CloseConnection, true, false)]
    [InlineData(TransactionEnd.CloseConnection, false, false)]
    [InlineData(TransactionEnd.RefuseCommit, true, false)]
    [InlineData(TransactionEnd.RefuseCommit, false, false)]
    [InlineData(TransactionEnd.LoseAnswerOfCommit, true, false)]
    [InlineData(TransactionEnd.LoseAnswerOfCommit, false, false)]
    public async Task Hints_AnyEnd_AreGivenWhenTheCommitIsCertainAndGoneForTheNextTransaction(TransactionEnd end, bool isAsync, bool isHinted)
    {
        var commits = new CommitFaults();
        await using var host = await CaptureHost.StartAsync(await CreateDatabaseAsync(), configure: options => options.AddInterceptors(commits));
        await host.UseAsync(async db =>
        {
            var transaction = await db.Database.BeginTransactionAsync();
            db.PublishWebhook(new OrderPaid(0, "first"));
            db.PublishWebhook(() => new OrderPaid(1, "first"));
            await CaptureSuite.SaveAsync(db, isAsync);
            Assert.Empty(host.TakeHints());
            await EndAsync(db, transaction, commits, end, isAsync);
            Assert.Equal(isHinted ? [new OrderPaid(0, "first"), new OrderPaid(1, "first")] : [], host.TakeHints());

            await using var next = await db.Database.BeginTransactionAsync();
            db.PublishWebhook(new OrderPaid(0, "next"));
            await CaptureSuite.SaveAsync(db, isAsync);
            await next.CommitAsync();
            Assert.Equal([new OrderPaid(0, "next")], host.TakeHints());
        });

        // An answer that was lost is no rollback: the rows are there, and the dispatcher's poll finds them.
        Assert.Equal(end is TransactionEnd.Commit or TransactionEnd.LoseAnswerOfCommit ? 3 : 1, (await host.ReadMessagesAsync()).Length);
    }

    [Fact]
    public async Task Hints_SavepointsUndone_OnlyWhatIsLeftIsFannedOut()
    {
        await using var host = await CaptureHost.StartAsync(await CreateDatabaseAsync());
        await host.UseAsync(async db =>
        {
            await using var transaction = await db.Database.BeginTransactionAsync();
            await SaveAsync("kept 1");
            await transaction.CreateSavepointAsync("outer");
            await SaveAsync("undone by outer");
            await transaction.CreateSavepointAsync("inner");
            await SaveAsync("undone by inner");
            await transaction.RollbackToSavepointAsync("inner");
            await SaveAsync("undone by outer too");
            await transaction.RollbackToSavepointAsync("outer");
            await SaveAsync("kept 2");
            await transaction.CreateSavepointAsync("released");
            await SaveAsync("kept 3");
            await transaction.ReleaseSavepointAsync("released");
            await transaction.CommitAsync();

            async Task SaveAsync(string number)
            {
                db.PublishWebhook(new OrderPaid(0, number));
                await db.SaveChangesAsync();
            }
        });

        Assert.Equal(["kept 1", "kept 2", "kept 3"], (await host.ReadMessagesAsync()).Select(message => message.Number));
        Assert.Equal(["kept 1", "kept 2", "kept 3"], (await host.FanOutHintsAsync()).Select(message => message.Number));
    }

    [Theory]
    [InlineData(ContextKind.Pooled)]
    [InlineData(ContextKind.PooledFactory)]
    public async Task Hints_PooledContextReturnedInMidTransaction_AreGoneForItsNextUser(ContextKind kind)
    {
        await using var host = await CaptureHost.StartAsync(await CreateDatabaseAsync(), kind);
        DbContext? first = null;
        await host.UseAsync(async db =>
        {
            first = db;
            await db.Database.BeginTransactionAsync();
            db.PublishWebhook(new OrderPaid(0, "lost"));
            await db.SaveChangesAsync();
            db.PublishWebhook(new OrderPaid(0, "unsaved"));
        });
        await host.UseAsync(async db =>
        {
            Assert.Same(first, db);
            await using var transaction = await db.Database.BeginTransactionAsync();
            db.PublishWebhook(new OrderPaid(0, "next"));
            await db.SaveChangesAsync();
            await transaction.CommitAsync();
        });

        Assert.Equal([new OrderPaid(0, "next")], host.TakeHints());
        Assert.Equal([new OrderPaid(0, "next")], await host.ReadMessagesAsync());
    }

    // The pool of connections may keep the transaction's object, and with it all that we know of it.
    [Theory]
    [InlineData(ContextKind.Scoped)]
    [InlineData(ContextKind.Pooled)]
    public async Task Hints_ContextLetGoInMidTransaction_AreKeptNoLonger(ContextKind kind)
    {
        await using var host = await CaptureHost.StartAsync(await CreateDatabaseAsync(), kind);
        TransactionOutcome? outcome = null;
        await host.UseAsync(async db =>
        {
            var transaction = await db.Database.BeginTransactionAsync();
            db.PublishWebhook(new OrderPaid(0, "lost"));
            await db.SaveChangesAsync();
            outcome = TransactionOutcome.Of(transaction.GetDbTransaction());
            Assert.Equal(TransactionStatus.Active, outcome.Status);
        });

        Assert.Equal(TransactionStatus.Aborted, outcome!.Status);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Hints_PooledContextReturnedBeforeTheSharedTransactionEnds_ShareItsOutcome(bool isCommitted)
    {
        await using var host = await CaptureHost.StartAsync(await CreateDatabaseAsync(), ContextKind.Pooled);
        await using var scope = host.CreateScope();
        var owner = scope.ServiceProvider.GetRequiredService<BillingContext>();
        await using (var transaction = await owner.Database.BeginTransactionAsync())
        {
            await host.UseAsync(async guest =>
            {
                guest.Database.SetDbConnection(owner.Database.GetDbConnection());
                await guest.Database.UseTransactionAsync(transaction.GetDbTransaction());
                guest.PublishWebhook(new OrderPaid(0, "guest"));
                await guest.SaveChangesAsync();
            });
            Assert.Empty(host.TakeHints());
            await (isCommitted ? transaction.CommitAsync() : transaction.RollbackAsync());
        }

        Assert.Equal(isCommitted ? [new OrderPaid(0, "guest")] : [], host.TakeHints());
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Hints_HandedOverTransactionEndedPastEntityFramework_NothingIsSentForARollback(bool isCommitted)
    {
        await using var host = await CaptureHost.StartAsync(await CreateDatabaseAsync());
        await host.UseAsync(async db =>
        {
            await db.Database.OpenConnectionAsync();
            await using (var handedOver = await db.Database.GetDbConnection().BeginTransactionAsync())
            {
                await db.Database.UseTransactionAsync(handedOver);
                db.PublishWebhook(new OrderPaid(0, "past"));
                await db.SaveChangesAsync();
                await (isCommitted ? handedOver.CommitAsync() : handedOver.RollbackAsync());
                await db.Database.UseTransactionAsync(null);
                Assert.Empty(host.TakeHints());
            }

            await using var transaction = await db.Database.BeginTransactionAsync();
            db.PublishWebhook(new OrderPaid(0, "next"));
            await db.SaveChangesAsync();
            await transaction.CommitAsync();
        });

        Assert.Equal(isCommitted ? ["past", "next"] : ["next"], (await host.ReadMessagesAsync()).Select(message => message.Number));
        Assert.Equal([new OrderPaid(0, "next")], await host.FanOutHintsAsync());
    }

    // An application may always begin and commit by itself: then nobody ever tells us.
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Hints_HandedOverTransactionsAlwaysEndedPastEntityFramework_DoNotPileUp(bool isLongLived)
    {
        await using var host = await CaptureHost.StartAsync(await CreateDatabaseAsync());
        await using var scope = host.CreateScope();
        var longLived = scope.ServiceProvider.GetRequiredService<ShopContext>();
        await longLived.Database.OpenConnectionAsync();
        var connection = longLived.Database.GetDbConnection();
        foreach (var number in new[] { "1", "2", "3" })
        {
            await using var handedOver = await connection.BeginTransactionAsync();
            await (isLongLived ? SaveAsync(longLived) : host.UseAsync(SaveAsync));
            await handedOver.CommitAsync();

            async Task SaveAsync(ShopContext db)
            {
                db.Database.SetDbConnection(connection);
                await db.Database.UseTransactionAsync(handedOver);
                Assert.Empty(db.ChangeTracker.Entries());
                db.PublishWebhook(new OrderPaid(0, number));
                await db.SaveChangesAsync();
                await db.Database.UseTransactionAsync(null);
            }
        }

        await using (var last = await connection.BeginTransactionAsync())
        {
            await longLived.Database.UseTransactionAsync(last);
            longLived.PublishWebhook(new OrderPaid(0, "last"));
            await longLived.SaveChangesAsync();
            await longLived.Database.CommitTransactionAsync();
        }

        Assert.Equal([new OrderPaid(0, "last")], host.TakeHints());
        Assert.Equal(4, (await host.ReadMessagesAsync()).Length);
    }

    private static async Task EndAsync(
        ShopContext db, IDbContextTransaction transaction, CommitFaults commits, TransactionEnd end, bool isAsync)
    {
        switch (end)
        {
            case TransactionEnd.Commit:
                await CommitAsync();
                break;
            case TransactionEnd.Rollback:
                await (isAsync ? transaction.RollbackAsync() : Task.Run(transaction.Rollback));
                break;
            case TransactionEnd.CloseConnection:
                await (isAsync ? db.Database.GetDbConnection().CloseAsync() : Task.Run(db.Database.GetDbConnection().Close));
                break;
            case TransactionEnd.RefuseCommit:
                commits.Next = _ => throw new TransientException();
                await Assert.ThrowsAsync<TransientException>(CommitAsync);
                break;
            case TransactionEnd.LoseAnswerOfCommit:
                commits.Next = begun =>
                {
                    begun.Commit();
                    throw new TransientException();
                };
                await Assert.ThrowsAsync<TransientException>(CommitAsync);
                break;
        }

        if (isAsync)
        {
            await transaction.DisposeAsync();
        }
        else
        {
            transaction.Dispose();
        }

        Task CommitAsync() => isAsync ? transaction.CommitAsync() : Task.Run(transaction.Commit);
    }
}
