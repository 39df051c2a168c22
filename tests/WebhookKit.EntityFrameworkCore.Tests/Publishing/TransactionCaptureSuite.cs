using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Storage;
using Microsoft.Extensions.DependencyInjection;

namespace WebhookKit.EntityFrameworkCore.Tests.Publishing;

/// <summary>A message shares the outcome of the caller's own transaction.</summary>
public abstract class TransactionCaptureSuite
{
    protected abstract Task<CaptureDatabase> CreateDatabaseAsync();

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task PublishWebhook_SeveralSavesInOneTransaction_HintAtCommitOnly(bool isAsync)
    {
        await using var host = await CaptureHost.StartAsync(await CreateDatabaseAsync());
        await host.UseAsync(async db =>
        {
            await using var transaction = await db.Database.BeginTransactionAsync();
            foreach (var number in new[] { "A", "B" })
            {
                var order = new Order { Number = number };
                db.Add(order);
                db.PublishWebhook(new OrderPaid(0, number));
                db.PublishWebhook(() => new OrderPaid(order.Id, number));
                await CaptureSuite.SaveAsync(db, isAsync);
            }

            Assert.Empty(host.TakeHints());
            Assert.Equal(6 + 4, db.ChangeTracker.Entries().Count());
            await (isAsync ? transaction.CommitAsync() : Task.Run(transaction.Commit));
            Assert.Equal(2, db.ChangeTracker.Entries().Count());
        });

        OrderPaid[] expected = [new(0, "A"), new(1, "A"), new(0, "B"), new(2, "B")];
        Assert.Equal(expected, await host.ReadMessagesAsync());
        Assert.Equal(expected, host.TakeHints());
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task PublishWebhook_RolledBackOrDisposedTransaction_SendsNothingAndTheNextSaveWorks(bool isRolledBack)
    {
        await using var host = await CaptureHost.StartAsync(await CreateDatabaseAsync());
        await host.UseAsync(async db =>
        {
            var lost = new Order { Number = "lost" };
            await using (var transaction = await db.Database.BeginTransactionAsync())
            {
                db.Add(lost);
                db.PublishWebhook(new OrderPaid(0, "lost"));
                db.PublishWebhook(() => new OrderPaid(lost.Id, "lost"));
                await db.SaveChangesAsync();
                await (isRolledBack ? transaction.RollbackAsync() : Task.CompletedTask);
            }

            db.Entry(lost).State = EntityState.Detached;
            db.Add(new Order { Number = "A" });
            db.PublishWebhook(new OrderPaid(0, "A"));
            await db.SaveChangesAsync();
            Assert.Single(db.ChangeTracker.Entries());
        });

        Assert.Equal(["A"], await host.ReadOrdersAsync());
        Assert.Equal([new OrderPaid(0, "A")], await host.ReadMessagesAsync());
        Assert.Equal([new OrderPaid(0, "A")], host.TakeHints());
    }

    [Fact]
    public async Task PublishWebhook_UndoneSavepoint_MessageIsGoneWithItsRow()
    {
        await using var host = await CaptureHost.StartAsync(await CreateDatabaseAsync());
        await host.UseAsync(async db =>
        {
            await using var transaction = await db.Database.BeginTransactionAsync();
            db.Add(new Order { Number = "A" });
            db.PublishWebhook(new OrderPaid(0, "A"));
            await db.SaveChangesAsync();

            await transaction.CreateSavepointAsync("before");
            db.Add(new Order { Number = "undone" });
            db.PublishWebhook(new OrderPaid(0, "undone"));
            db.PublishWebhook(() => new OrderPaid(0, "undone"));
            await db.SaveChangesAsync();
            await transaction.RollbackToSavepointAsync("before");
            await transaction.CommitAsync();
        });

        Assert.Equal(["A"], await host.ReadOrdersAsync());
        Assert.Equal([new OrderPaid(0, "A")], await host.ReadMessagesAsync());
        // A hint is no right to send: the dispatcher asks the store, which has no row for the undone ones.
        Assert.Contains(new OrderPaid(0, "A"), host.TakeHints());
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task PublishWebhook_TwoContextsInOneTransaction_ShareItsOutcome(bool isCommitted)
    {
        await using var host = await CaptureHost.StartAsync(await CreateDatabaseAsync());
        await using var scope = host.CreateScope();
        var shop = scope.ServiceProvider.GetRequiredService<ShopContext>();
        await using (var transaction = await shop.Database.BeginTransactionAsync())
        {
            var billing = scope.ServiceProvider.GetRequiredService<BillingContext>();
            billing.Database.SetDbConnection(shop.Database.GetDbConnection());
            await billing.Database.UseTransactionAsync(transaction.GetDbTransaction());
            shop.Add(new Order { Number = "A" });
            shop.PublishWebhook(new OrderPaid(0, "shop"));
            await shop.SaveChangesAsync();
            billing.PublishWebhook(new OrderPaid(0, "billing"));
            billing.PublishWebhook(() => new OrderPaid(1, "billing"));
            await billing.SaveChangesAsync();
            Assert.Empty(host.TakeHints());
            await (isCommitted ? transaction.CommitAsync() : transaction.RollbackAsync());
        }

        OrderPaid[] expected = isCommitted ? [new(0, "shop"), new(0, "billing"), new(1, "billing")] : [];
        Assert.Equal(expected, await host.ReadMessagesAsync());
        Assert.Equal(expected, host.TakeHints());
    }
}
