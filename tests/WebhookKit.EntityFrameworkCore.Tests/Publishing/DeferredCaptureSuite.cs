using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Storage;

namespace WebhookKit.EntityFrameworkCore.Tests.Publishing;

/// <summary>Data that needs ids of the database: read inside the save, in one transaction with the rows.</summary>
public abstract class DeferredCaptureSuite
{
    protected abstract Task<CaptureDatabase> CreateDatabaseAsync();

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task PublishWebhook_GeneratedId_IsInThePayload(bool isAsync)
    {
        await using var host = await CaptureHost.StartAsync(await CreateDatabaseAsync());
        await host.UseAsync(async db =>
        {
            var order = new Order { Number = "A" };
            db.Add(order);
            var id = db.PublishWebhook(() => new OrderPaid(order.Id, "A"), new PublishOptions { TenantId = "acme" });
            await CaptureSuite.SaveAsync(db, isAsync);

            var hint = Assert.Single(host.Signal.TakeCommitted(10));
            Assert.Equal((id, "acme"), (hint.Id, hint.TenantId));
            Assert.Null(db.Database.CurrentTransaction);
        });

        Assert.Equal([new OrderPaid(1, "A")], await host.ReadMessagesAsync());
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task PublishWebhook_DataCannotBeRead_NothingIsSavedUntilTheContextStartsAnew(bool isAsync)
    {
        await using var host = await CaptureHost.StartAsync(await CreateDatabaseAsync());
        await host.UseAsync(async db =>
        {
            db.Add(new Order { Number = "A" });
            db.PublishWebhook(OrderPaid () => throw new TransientException());
            await Assert.ThrowsAsync<TransientException>(() => CaptureSuite.SaveAsync(db, isAsync));
            Assert.Null(db.Database.CurrentTransaction);

            // EF believes the order to be saved; going on would lose it.
            var exception = await Assert.ThrowsAsync<WebhookException>(() => CaptureSuite.SaveAsync(db, isAsync));
            Assert.Contains("ChangeTracker.Clear()", exception.Message, StringComparison.Ordinal);

            db.ChangeTracker.Clear();
            var order = new Order { Number = "A" };
            db.Add(order);
            db.PublishWebhook(() => new OrderPaid(order.Id, "A"));
            await CaptureSuite.SaveAsync(db, isAsync);
        });

        Assert.Equal(["A"], await host.ReadOrdersAsync());
        Assert.Equal([new OrderPaid(await host.ReadOrderIdAsync("A"), "A")], await host.ReadMessagesAsync());
        Assert.Single(host.TakeHints());
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task PublishWebhook_DataCannotBeReadInTheCallersTransaction_CommitIsRefused(bool isAsync)
    {
        await using var host = await CaptureHost.StartAsync(await CreateDatabaseAsync());
        await host.UseAsync(async db =>
        {
            await using (var transaction = await db.Database.BeginTransactionAsync())
            {
                db.Add(new Order { Number = "A" });
                db.PublishWebhook(OrderPaid () => throw new TransientException());
                await Assert.ThrowsAsync<TransientException>(() => CaptureSuite.SaveAsync(db, isAsync));
                await Assert.ThrowsAsync<WebhookException>(() => isAsync ? transaction.CommitAsync() : Task.Run(transaction.Commit));
            }

            db.ChangeTracker.Clear();
            db.Add(new Order { Number = "B" });
            await db.SaveChangesAsync();
        });

        Assert.Equal(["B"], await host.ReadOrdersAsync());
        Assert.Empty(await host.ReadMessagesAsync());
        Assert.Empty(host.TakeHints());
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task PublishWebhook_SaveDoesNotAccept_IsRefusedAndNothingCommits(bool hasTransaction)
    {
        await using var host = await CaptureHost.StartAsync(await CreateDatabaseAsync());
        await host.UseAsync(async db =>
        {
            await using var transaction = hasTransaction ? await db.Database.BeginTransactionAsync() : null;
            var order = new Order { Number = "A" };
            db.Add(order);
            db.PublishWebhook(() => new OrderPaid(order.Id, "A"));
            var exception = await Assert.ThrowsAsync<WebhookException>(() => db.SaveChangesAsync(acceptAllChangesOnSuccess: false));
            Assert.Contains("acceptAllChangesOnSuccess", exception.Message, StringComparison.Ordinal);
            if (transaction is not null)
            {
                await Assert.ThrowsAsync<WebhookException>(() => transaction.CommitAsync());
            }
        });

        Assert.Empty(await host.ReadOrdersAsync());
        Assert.Empty(await host.ReadMessagesAsync());
        Assert.Empty(host.TakeHints());
    }

    [Fact]
    public async Task PublishWebhook_CommitOfOurTransactionFails_NothingIsSavedAndTheContextSaysSo()
    {
        var commits = new FailingCommits();
        await using var host = await CaptureHost.StartAsync(await CreateDatabaseAsync(), configure: options => options.AddInterceptors(commits));
        await host.UseAsync(async db =>
        {
            var order = new Order { Number = "A" };
            db.Add(order);
            db.PublishWebhook(() => new OrderPaid(order.Id, "A"));
            commits.Remaining = 1;
            await Assert.ThrowsAsync<TransientException>(() => db.SaveChangesAsync());
            await Assert.ThrowsAsync<WebhookException>(() => db.SaveChangesAsync());
        });

        Assert.Empty(await host.ReadOrdersAsync());
        Assert.Empty(await host.ReadMessagesAsync());
        Assert.Empty(host.TakeHints());
    }

    [Fact]
    public async Task PublishWebhook_AnotherInterceptorRefusesTheSave_TheNextOneCommitsOnce()
    {
        var hook = new SaveHook();
        await using var host = await CaptureHost.StartAsync(await CreateDatabaseAsync(), configure: options => options.AddInterceptors(hook));
        await host.UseAsync(async db =>
        {
            var order = new Order { Number = "A" };
            db.Add(order);
            db.PublishWebhook(() => new OrderPaid(order.Id, "A"));
            hook.Saving = _ => throw new TransientException();
            await Assert.ThrowsAsync<TransientException>(() => db.SaveChangesAsync());
            await db.SaveChangesAsync();
            Assert.Null(db.Database.CurrentTransaction);
        });

        Assert.Equal([new OrderPaid(1, "A")], await host.ReadMessagesAsync());
        Assert.Single(host.TakeHints());
    }

    [Fact]
    public async Task PublishWebhook_RetryingStrategyWithoutTransaction_NamesTheCure()
    {
        await using var host = await CaptureHost.StartAsync(await CreateDatabaseAsync(), configure: Retry);
        await host.UseAsync(async db =>
        {
            db.Add(new Order { Number = "A" });
            db.PublishWebhook(() => new OrderPaid(1, "A"));
            var exception = await Assert.ThrowsAsync<WebhookException>(() => db.SaveChangesAsync());
            Assert.Contains("Database.CreateExecutionStrategy().ExecuteAsync", exception.Message, StringComparison.Ordinal);
        });

        Assert.Empty(await host.ReadOrdersAsync());
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task PublishWebhook_RetryingStrategyAndTheFirstCommitFails_OneMessagePerOrder(bool isCleared)
    {
        var commits = new FailingCommits();
        await using var host = await CaptureHost.StartAsync(
            await CreateDatabaseAsync(), configure: options => Retry(options.AddInterceptors(commits)));
        await host.UseAsync(async db =>
        {
            commits.Remaining = 1;
            var order = new Order { Number = "A" };
            await db.Database.CreateExecutionStrategy().ExecuteAsync(async () =>
            {
                order = isCleared ? new Order { Number = "A" } : order;
                await using var transaction = await db.Database.BeginTransactionAsync();
                db.Add(order);
                db.PublishWebhook(new OrderPaid(0, "known"));
                db.PublishWebhook(() => new OrderPaid(order.Id, "deferred"));
                await db.SaveChangesAsync();
                try
                {
                    await transaction.CommitAsync();
                }
                catch (TransientException) when (isCleared)
                {
                    db.ChangeTracker.Clear();
                    throw;
                }
            });
            await db.SaveChangesAsync();
        });

        Assert.Equal(["A"], await host.ReadOrdersAsync());
        Assert.Equal(
            [new OrderPaid(0, "known"), new OrderPaid(await host.ReadOrderIdAsync("A"), "deferred")], await host.ReadMessagesAsync());
        Assert.Equal(2, host.TakeHints().Length);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task PublishWebhook_RetryingStrategyRepeatsTheSaveItself_KnownDataCommitsOnce(bool isAsync)
    {
        var commits = new FailingCommits();
        await using var host = await CaptureHost.StartAsync(
            await CreateDatabaseAsync(), configure: options => Retry(options.AddInterceptors(commits)));
        await host.UseAsync(async db =>
        {
            commits.Remaining = 1;
            db.Add(new Order { Number = "A" });
            db.PublishWebhook(new OrderPaid(0, "A"));
            await CaptureSuite.SaveAsync(db, isAsync);
            Assert.True(commits.Remaining < 0);
        });

        Assert.Equal(["A"], await host.ReadOrdersAsync());
        Assert.Equal([new OrderPaid(0, "A")], await host.ReadMessagesAsync());
        Assert.Equal([new OrderPaid(0, "A")], host.TakeHints());
    }

    private static void Retry(DbContextOptionsBuilder options) =>
        options.ReplaceService<IExecutionStrategyFactory, RetryingStrategyFactory>();
}
