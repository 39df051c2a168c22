using Microsoft.EntityFrameworkCore;

namespace WebhookKit.EntityFrameworkCore.Tests.Publishing;

/// <summary>Events that entities raise share the fate of the save that captures them.</summary>
public abstract class EntityCaptureSuite
{
    protected abstract Task<CaptureDatabase> CreateDatabaseAsync();

    [Theory]
    [InlineData(EntityState.Added)]
    [InlineData(EntityState.Modified)]
    [InlineData(EntityState.Unchanged)]
    [InlineData(EntityState.Deleted)]
    public async Task SaveChanges_EntityRaisedEvents_CommitsEachOnce(EntityState state)
    {
        await using var host = await CaptureHost.StartAsync(await CreateDatabaseAsync());
        await host.UseAsync(async db =>
        {
            var order = new Order { Number = "A" };
            db.Add(order);
            await (state == EntityState.Added ? Task.CompletedTask : db.SaveChangesAsync());
            db.Entry(order).State = state;
            order.Webhooks.Publish(new OrderPaid(0, "known"));
            order.Webhooks.Publish(() => new OrderPaid(order.Id, "deferred"));
            await db.SaveChangesAsync();
            Assert.Empty(order.Webhooks);
            await db.SaveChangesAsync();
        });

        Assert.Equal([new OrderPaid(0, "known"), new OrderPaid(1, "deferred")], await host.ReadMessagesAsync());
        Assert.Equal(2, host.TakeHints().Length);
    }

    [Fact]
    public async Task SaveChanges_SeveralInOneTransaction_EventsLeaveTheEntityAtCommitOnly()
    {
        await using var host = await CaptureHost.StartAsync(await CreateDatabaseAsync());
        await host.UseAsync(async db =>
        {
            await using var transaction = await db.Database.BeginTransactionAsync();
            var order = new Order { Number = "A" };
            order.Webhooks.Publish(new OrderPaid(0, "first"));
            db.Add(order);
            await db.SaveChangesAsync();
            order.Total = 1;
            order.Webhooks.Publish(new OrderPaid(0, "second"));
            await db.SaveChangesAsync();
            Assert.Equal(2, order.Webhooks.Count);
            await transaction.CommitAsync();
            Assert.Empty(order.Webhooks);
        });

        Assert.Equal([new OrderPaid(0, "first"), new OrderPaid(0, "second")], await host.ReadMessagesAsync());
        Assert.Equal(2, host.TakeHints().Length);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task SaveChanges_AfterARollback_CapturesTheEventAgain(bool isRolledBack)
    {
        await using var host = await CaptureHost.StartAsync(await CreateDatabaseAsync());
        await host.UseAsync(async db =>
        {
            var order = new Order { Number = "A" };
            db.Add(order);
            await db.SaveChangesAsync();
            order.Webhooks.Publish(new OrderPaid(0, "A"));
            await using (var transaction = await db.Database.BeginTransactionAsync())
            {
                await db.SaveChangesAsync();
                await (isRolledBack ? transaction.RollbackAsync() : Task.CompletedTask);
            }

            Assert.Single(order.Webhooks);
            await db.SaveChangesAsync();
            Assert.Empty(order.Webhooks);
        });

        Assert.Equal([new OrderPaid(0, "A")], await host.ReadMessagesAsync());
        Assert.Equal([new OrderPaid(0, "A")], host.TakeHints());
    }

    [Fact]
    public async Task SaveChanges_AfterARolledBackInsert_SendsTheEventOnlyWithTheInsert()
    {
        await using var host = await CaptureHost.StartAsync(await CreateDatabaseAsync());
        await host.UseAsync(async db =>
        {
            var order = new Order { Number = "A" };
            order.Webhooks.Publish(() => new OrderPaid(order.Id, "A"));
            db.Add(order);
            await using (await db.Database.BeginTransactionAsync())
            {
                await db.SaveChangesAsync();
            }

            await db.SaveChangesAsync();
            Assert.Empty(await host.ReadMessagesAsync());

            db.Add(order);
            await db.SaveChangesAsync();
        });

        Assert.Equal(["A"], await host.ReadOrdersAsync());
        Assert.Equal([new OrderPaid(await host.ReadOrderIdAsync("A"), "A")], await host.ReadMessagesAsync());
    }

    [Fact]
    public async Task SaveChanges_FailedAndTheEntityIsGivenUp_DoesNotSendItsEvent()
    {
        await using var host = await CaptureHost.StartAsync(await CreateDatabaseAsync());
        await host.UseAsync(async db =>
        {
            db.Add(new Order { Number = "A" });
            await db.SaveChangesAsync();
            var second = new Order { Number = "A" };
            second.Webhooks.Publish(new OrderPaid(0, "phantom"));
            db.Add(second);
            await Assert.ThrowsAsync<DbUpdateException>(() => db.SaveChangesAsync());
            db.Entry(second).State = EntityState.Detached;
            await db.SaveChangesAsync();
        });

        Assert.Empty(await host.ReadMessagesAsync());
    }
}
