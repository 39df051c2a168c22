using System.Transactions;
using Microsoft.EntityFrameworkCore;
using WebhookKit.EntityFrameworkCore.Tests.Postgres;

namespace WebhookKit.EntityFrameworkCore.Tests.Publishing;

public sealed class PostgresCaptureTests : CaptureSuite
{
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task PublishWebhook_TransactionScope_MessageSharesItsOutcome(bool isCompleted)
    {
        await using var host = await CaptureHost.StartAsync(await CreateDatabaseAsync());
        await host.UseAsync(async db =>
        {
            using (var scope = new TransactionScope(TransactionScopeAsyncFlowOption.Enabled))
            {
                db.Add(new Order { Number = "A" });
                db.PublishWebhook(new OrderPaid(0, "A"));
                await db.SaveChangesAsync();
                Assert.Empty(host.TakeHints());
                if (isCompleted)
                {
                    scope.Complete();
                }
            }

            Assert.Equal(isCompleted ? 1 : 0, host.TakeHints().Length);
        });

        Assert.Equal(isCompleted ? ["A"] : [], await host.ReadOrdersAsync());
        Assert.Equal(isCompleted ? [new OrderPaid(0, "A")] : [], await host.ReadMessagesAsync());
    }

    // Npgsql gives one object for every transaction of a connection.
    [Fact]
    public async Task PublishWebhook_TransactionsOfOneConnectionHandedOver_EachHasItsOwnOutcome()
    {
        await using var host = await CaptureHost.StartAsync(await CreateDatabaseAsync());
        await host.UseAsync(async db =>
        {
            await db.Database.OpenConnectionAsync();
            foreach (var number in new[] { "A", "undone", "B" })
            {
                await using var handedOver = await db.Database.GetDbConnection().BeginTransactionAsync();
                await using var transaction = await db.Database.UseTransactionAsync(handedOver);
                db.PublishWebhook(new OrderPaid(0, number));
                await db.SaveChangesAsync();
                Assert.Empty(host.TakeHints());
                await (number == "undone" ? transaction!.RollbackAsync() : transaction!.CommitAsync());
                Assert.Equal(number == "undone" ? 0 : 1, host.TakeHints().Length);
            }
        });

        Assert.Equal([new OrderPaid(0, "A"), new OrderPaid(0, "B")], await host.ReadMessagesAsync());
    }

    protected override Task<CaptureDatabase> CreateDatabaseAsync() => PostgresDatabase.CreateAsync();
}

public sealed class PostgresTransactionCaptureTests : TransactionCaptureSuite
{
    protected override Task<CaptureDatabase> CreateDatabaseAsync() => PostgresDatabase.CreateAsync();
}

public sealed class PostgresTransactionEndTests : TransactionEndSuite
{
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Hints_ConnectionLost_AreGoneAndTheContextWorksAgain(bool isLostAtSave)
    {
        await using var host = await CaptureHost.StartAsync(await CreateDatabaseAsync());
        await host.UseAsync(async db =>
        {
            await using (var transaction = await db.Database.BeginTransactionAsync())
            {
                db.PublishWebhook(new OrderPaid(0, "lost"));
                await db.SaveChangesAsync();
                db.PublishWebhook(new OrderPaid(0, "unsaved"));
                var session = await db.Database.SqlQuery<int>($"SELECT pg_backend_pid() AS \"Value\"").SingleAsync();
                await host.UseAsync(other => other.Database.ExecuteSqlAsync($"SELECT pg_terminate_backend({session})"));
                await Assert.ThrowsAnyAsync<Exception>(() => isLostAtSave ? db.SaveChangesAsync() : transaction.CommitAsync());
            }

            db.ChangeTracker.Clear();
            Assert.Empty(host.TakeHints());
            await using var next = await db.Database.BeginTransactionAsync();
            db.PublishWebhook(new OrderPaid(0, "next"));
            await db.SaveChangesAsync();
            await next.CommitAsync();
        });

        Assert.Equal([new OrderPaid(0, "next")], host.TakeHints());
        Assert.Equal([new OrderPaid(0, "next")], await host.ReadMessagesAsync());
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Hints_EnlistedTransaction_ShareItsOutcome(bool isCommitted)
    {
        await using var host = await CaptureHost.StartAsync(await CreateDatabaseAsync());
        await host.UseAsync(async db =>
        {
            using (var transaction = new CommittableTransaction())
            {
                await db.Database.OpenConnectionAsync();
                db.Database.EnlistTransaction(transaction);
                db.PublishWebhook(new OrderPaid(0, "A"));
                await db.SaveChangesAsync();
                Assert.Empty(host.TakeHints());
                if (isCommitted)
                {
                    transaction.Commit();
                }
                else
                {
                    transaction.Rollback();
                }
            }

            Assert.Equal(isCommitted ? 1 : 0, host.TakeHints().Length);
        });

        Assert.Equal(isCommitted ? 1 : 0, (await host.ReadMessagesAsync()).Length);
    }

    // Npgsql gives the ended transaction's object to the next one of the connection.
    [Fact]
    public async Task Hints_HandedOverTransactionRolledBackPastEntityFrameworkAndTheNextOneCommitted_NothingIsSentForTheFirst()
    {
        await using var host = await CaptureHost.StartAsync(await CreateDatabaseAsync());
        await host.UseAsync(async db =>
        {
            await db.Database.OpenConnectionAsync();
            foreach (var number in new[] { "undone", "kept" })
            {
                await using var handedOver = await db.Database.GetDbConnection().BeginTransactionAsync();
                await using var transaction = await db.Database.UseTransactionAsync(handedOver);
                db.PublishWebhook(new OrderPaid(0, number));
                await db.SaveChangesAsync();
                await (number == "kept" ? transaction!.CommitAsync() : handedOver.RollbackAsync());
                await db.Database.UseTransactionAsync(null);
            }
        });

        Assert.Equal([new OrderPaid(0, "kept")], await host.FanOutHintsAsync());
    }

    protected override Task<CaptureDatabase> CreateDatabaseAsync() => PostgresDatabase.CreateAsync();
}

public sealed class PostgresDeferredCaptureTests : DeferredCaptureSuite
{
    protected override Task<CaptureDatabase> CreateDatabaseAsync() => PostgresDatabase.CreateAsync();
}

public sealed class PostgresEntityCaptureTests : EntityCaptureSuite
{
    protected override Task<CaptureDatabase> CreateDatabaseAsync() => PostgresDatabase.CreateAsync();
}

internal sealed class PostgresDatabase(PostgresSchema schema) : CaptureDatabase
{
    public static async Task<CaptureDatabase> CreateAsync() => new PostgresDatabase(await PostgresSchema.CreateAsync());

    public override void Configure(DbContextOptionsBuilder options) => options.UseNpgsql(schema.ConnectionString);

    public override Task CreateTablesAsync(DbContext context) => PostgresSchema.CreateTablesAsync(context);

    public override ValueTask DisposeAsync() => schema.DisposeAsync();
}
