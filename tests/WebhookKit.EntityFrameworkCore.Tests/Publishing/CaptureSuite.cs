using System.Text;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using WebhookKit.EntityFrameworkCore.Outbox;

namespace WebhookKit.EntityFrameworkCore.Tests.Publishing;

/// <summary>A message commits with the caller's rows or not at all, on any provider.</summary>
public abstract class CaptureSuite
{
    protected abstract Task<CaptureDatabase> CreateDatabaseAsync();

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task PublishWebhook_KnownData_CommitsWithTheRowAndHintsOnce(bool isAsync)
    {
        await using var host = await CaptureHost.StartAsync(await CreateDatabaseAsync());
        await host.UseAsync(async db =>
        {
            db.Add(new Order { Number = "A" });
            var id = db.PublishWebhook(new OrderPaid(0, "A"), new PublishOptions { TenantId = "acme" });
            Assert.Empty(host.TakeHints());

            await SaveAsync(db, isAsync);

            Assert.Equal(id, Assert.Single(host.Signal.TakeCommitted(10)).Id);
            Assert.Single(db.ChangeTracker.Entries());
            Assert.Equal(id, (await db.Set<OutboxEntity>().AsNoTracking().SingleAsync()).MessageId);
        });

        Assert.Equal(["A"], await host.ReadOrdersAsync());
        Assert.Equal([new OrderPaid(0, "A")], await host.ReadMessagesAsync());
    }

    [Fact]
    public async Task PublishWebhook_UntilCommitted_ComparesRowsOnlyTogether()
    {
        await using var host = await CaptureHost.StartAsync(await CreateDatabaseAsync());
        await host.UseAsync(async db =>
        {
            var ofAll = 0;
            var compared = new List<object>();
            db.ChangeTracker.DetectingAllChanges += (_, _) => ofAll++;
            db.ChangeTracker.DetectingEntityChanges += (_, comparing) => compared.Add(comparing.Entry.Entity);
            db.PublishWebhook(new OrderPaid(0, "A"));
            Assert.Empty(compared);

            await db.SaveChangesAsync();

            Assert.NotEqual(0, ofAll);
            Assert.All(compared.CountBy(row => row), row => Assert.InRange(row.Value, 0, ofAll));
            Assert.True(db.ChangeTracker.AutoDetectChangesEnabled);
        });
    }

    [Fact]
    public async Task PublishWebhook_RawEvent_StoresTheBytes()
    {
        await using var host = await CaptureHost.StartAsync(await CreateDatabaseAsync());
        await host.UseAsync(async db =>
        {
            db.PublishWebhook(new RawEvent("order.paid", Encoding.UTF8.GetBytes("<paid/>"), "application/xml"));
            await db.SaveChangesAsync();
        });

        var message = Assert.Single(host.Signal.TakeCommitted(10));
        Assert.Equal("<paid/>", Encoding.UTF8.GetString(message.Payload.Span));
        Assert.Equal("application/xml", message.ContentType);
    }

    [Theory]
    [InlineData(ContextKind.Scoped)]
    [InlineData(ContextKind.Pooled)]
    [InlineData(ContextKind.Factory)]
    [InlineData(ContextKind.PooledFactory)]
    public async Task PublishWebhook_AnyRegistration_Commits(ContextKind kind)
    {
        await using var host = await CaptureHost.StartAsync(await CreateDatabaseAsync(), kind);
        foreach (var number in new[] { "A", "B" })
        {
            await host.UseAsync(async db =>
            {
                var order = new Order { Number = number };
                db.Add(order);
                db.PublishWebhook(new OrderPaid(0, number));
                db.PublishWebhook(() => new OrderPaid(order.Id, number));
                await db.SaveChangesAsync();
            });
        }

        OrderPaid[] expected = [new(0, "A"), new(1, "A"), new(0, "B"), new(2, "B")];
        Assert.Equal(expected, await host.ReadMessagesAsync());
        Assert.Equal(expected, host.TakeHints());
    }

    [Theory]
    [InlineData(ContextKind.Pooled)]
    [InlineData(ContextKind.PooledFactory)]
    public async Task PublishWebhook_PooledContextReturnedUnsaved_NextUserSendsNothing(ContextKind kind)
    {
        await using var host = await CaptureHost.StartAsync(await CreateDatabaseAsync(), kind);
        DbContext? first = null;
        await host.UseAsync(db =>
        {
            first = db;
            db.PublishWebhook(new OrderPaid(1, "lost"));
            db.PublishWebhook(() => new OrderPaid(2, "lost"));
            return Task.CompletedTask;
        });
        await host.UseAsync(async db =>
        {
            Assert.Same(first, db);
            db.Add(new Order { Number = "A" });
            await db.SaveChangesAsync();
        });

        Assert.Empty(await host.ReadMessagesAsync());
        Assert.Empty(host.TakeHints());
    }

    [Fact]
    public async Task PublishWebhook_LongLivedContext_EverySaveWorksAndKeepsNoPayload()
    {
        await using var host = await CaptureHost.StartAsync(await CreateDatabaseAsync());
        await host.UseAsync(async db =>
        {
            for (var number = 1; number <= 5; number++)
            {
                var order = new Order { Number = $"{number}" };
                db.Add(order);
                db.PublishWebhook(new OrderPaid(0, order.Number));
                db.PublishWebhook(() => new OrderPaid(order.Id, order.Number));
                await db.SaveChangesAsync();
                Assert.Equal(number, db.ChangeTracker.Entries().Count());
            }
        });

        Assert.Equal(10, (await host.ReadMessagesAsync()).Length);
        Assert.Equal(10, host.TakeHints().Length);
    }

    [Fact]
    public async Task PublishWebhook_ClearedTracker_ForgetsTheMessages()
    {
        await using var host = await CaptureHost.StartAsync(await CreateDatabaseAsync());
        await host.UseAsync(async db =>
        {
            db.PublishWebhook(new OrderPaid(1, "lost"));
            db.PublishWebhook(() => new OrderPaid(2, "lost"));
            db.ChangeTracker.Clear();
            db.Add(new Order { Number = "A" });
            await db.SaveChangesAsync();
        });

        Assert.Empty(await host.ReadMessagesAsync());
        Assert.Empty(host.TakeHints());
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task PublishWebhook_SaveFailsAndIsRepeatedOnTheSameContext_CommitsOnce(bool isAsync)
    {
        await using var host = await CaptureHost.StartAsync(await CreateDatabaseAsync());
        await host.UseAsync(async db =>
        {
            db.Add(new Order { Number = "A" });
            await db.SaveChangesAsync();
            var order = new Order { Number = "A" };
            order.Webhooks.Publish(() => new OrderPaid(order.Id, "entity"));
            db.Add(order);
            db.PublishWebhook(new OrderPaid(0, "known"));
            db.PublishWebhook(() => new OrderPaid(order.Id, "deferred"));
            await Assert.ThrowsAsync<DbUpdateException>(() => SaveAsync(db, isAsync));
            Assert.Null(db.Database.CurrentTransaction);

            order.Number = "B";
            await SaveAsync(db, isAsync);
        });

        Assert.Equal(["A", "B"], await host.ReadOrdersAsync());
        var id = await host.ReadOrderIdAsync("B");
        OrderPaid[] expected = [new(0, "known"), new(id, "deferred"), new(id, "entity")];
        Assert.Equal(expected, await host.ReadMessagesAsync());
        Assert.Equal(expected, host.TakeHints());
    }

    [Fact]
    public async Task PublishWebhook_SaveDoesNotAcceptAndIsRepeatedAfterARollback_CommitsOnce()
    {
        await using var host = await CaptureHost.StartAsync(await CreateDatabaseAsync());
        await host.UseAsync(async db =>
        {
            db.Add(new Order { Number = "A" });
            db.PublishWebhook(new OrderPaid(0, "A"));
            await using (await db.Database.BeginTransactionAsync())
            {
                await db.SaveChangesAsync(acceptAllChangesOnSuccess: false);
            }

            Assert.Empty(host.TakeHints());
            await using (var transaction = await db.Database.BeginTransactionAsync())
            {
                await db.SaveChangesAsync(acceptAllChangesOnSuccess: false);
                await transaction.CommitAsync();
            }

            db.ChangeTracker.AcceptAllChanges();
            await db.SaveChangesAsync();
            Assert.Single(db.ChangeTracker.Entries());
        });

        Assert.Equal([new OrderPaid(0, "A")], await host.ReadMessagesAsync());
        Assert.Equal([new OrderPaid(0, "A")], host.TakeHints());
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task PublishWebhook_AnotherInterceptorSavesWithinTheSave_EveryMessageCommitsOnce(bool isBefore)
    {
        var hook = new SaveHook();
        await using var host = await CaptureHost.StartAsync(await CreateDatabaseAsync(), configure: options => options.AddInterceptors(hook));
        await host.UseAsync(async db =>
        {
            var order = new Order { Number = "A" };
            order.Webhooks.Publish(() => new OrderPaid(order.Id, "entity"));
            db.Add(order);
            db.PublishWebhook(new OrderPaid(0, "known"));
            db.PublishWebhook(() => new OrderPaid(order.Id, "deferred"));
            Func<DbContext, Task> inner = inner =>
            {
                inner.Add(new Order { Number = "B" });
                inner.PublishWebhook(new OrderPaid(0, "inner"));
                return inner.SaveChangesAsync();
            };
            (hook.Saving, hook.Saved) = isBefore ? (inner, (Func<DbContext, Task>?)null) : (null, inner);
            await db.SaveChangesAsync();
            Assert.Null(db.Database.CurrentTransaction);
        });

        Assert.Equal(["A", "B"], await host.ReadOrdersAsync());
        Assert.Equal(
            ["deferred 1", "entity 1", "inner 0", "known 0"],
            (await host.ReadMessagesAsync()).Select(data => $"{data.Number} {data.OrderId}").Order());
        Assert.Equal(4, host.TakeHints().Length);
    }

    [Fact]
    public async Task PublishWebhook_KnownData_AddsNoRoundTripAndDeferredOne()
    {
        var commands = new CommandCounter();
        await using var host = await CaptureHost.StartAsync(await CreateDatabaseAsync(), configure: options => options.AddInterceptors(commands));
        var plain = await CountAsync(db => db.AddRange(new Order { Number = "B" }, new Order { Number = "C" }));
        var known = await CountAsync(db => db.PublishWebhook(new OrderPaid(0, "D")));
        var deferred = await CountAsync(db => db.PublishWebhook(() => new OrderPaid(0, "E")));

        // A message is two rows; a provider that batches sends them with the caller's, the deferred one's second row after them.
        Assert.Equal(plain, known);
        Assert.InRange(deferred, known, known + 1);

        async Task<int> CountAsync(Action<ShopContext> extra)
        {
            var count = 0;
            await host.UseAsync(async db =>
            {
                db.Add(new Order { Number = Guid.NewGuid().ToString() });
                extra(db);
                commands.Count = 0;
                await db.SaveChangesAsync();
                count = commands.Count;
            });
            return count;
        }
    }

    [Fact]
    public async Task PublishWebhook_ContextNotWired_NamesTheCall()
    {
        await using var database = await CreateDatabaseAsync();
        var options = new DbContextOptionsBuilder<ShopContext>();
        database.Configure(options);
        await using var db = new ShopContext(options.Options);

        var exception = Assert.Throws<WebhookException>(() => db.PublishWebhook(new OrderPaid(1, "A")));
        Assert.Contains(".UseEntityFrameworkCore<ShopContext>()", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task PublishWebhook_ModelWithoutTables_NamesTheCall()
    {
        await using var database = await CreateDatabaseAsync();
        var services = new ServiceCollection();
        services.AddDbContext<BareContext>(database.Configure);
        services.AddWebhooks().AddEventType<OrderPaid>("order.paid").UseEntityFrameworkCore<BareContext>();
        await using var provider = services.BuildServiceProvider();
        await using var scope = provider.CreateAsyncScope();

        var exception = Assert.Throws<WebhookException>(
            () => scope.ServiceProvider.GetRequiredService<BareContext>().PublishWebhook(new OrderPaid(1, "A")));
        Assert.Contains("model.AddWebhooks() in its OnModelCreating", exception.Message, StringComparison.Ordinal);
    }

    internal static Task<int> SaveAsync(DbContext db, bool isAsync) => isAsync ? db.SaveChangesAsync() : Task.Run(() => db.SaveChanges());

    internal sealed class BareContext(DbContextOptions<BareContext> options) : DbContext(options);
}
