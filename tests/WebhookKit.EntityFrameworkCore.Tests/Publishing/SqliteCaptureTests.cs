using System.Transactions;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Diagnostics;

namespace WebhookKit.EntityFrameworkCore.Tests.Publishing;

public sealed class SqliteCaptureTests : CaptureSuite
{
    // Microsoft.Data.Sqlite does not take part in ambient transactions: the message goes where its row goes.
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task PublishWebhook_TransactionScope_MessageIsCommittedWithTheRow(bool isCompleted)
    {
        await using var host = await CaptureHost.StartAsync(await CreateDatabaseAsync(), configure: options => options
            .ConfigureWarnings(warnings => warnings.Ignore(RelationalEventId.AmbientTransactionWarning)));
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
            db.Add(new Order { Number = "B" });
            await db.SaveChangesAsync();
            Assert.Equal(2, db.ChangeTracker.Entries().Count());
        });

        Assert.Equal(["A", "B"], await host.ReadOrdersAsync());
        Assert.Equal([new OrderPaid(0, "A")], await host.ReadMessagesAsync());
    }

    protected override Task<CaptureDatabase> CreateDatabaseAsync() => Task.FromResult<CaptureDatabase>(new SqliteFile());
}

public sealed class SqliteTransactionCaptureTests : TransactionCaptureSuite
{
    protected override Task<CaptureDatabase> CreateDatabaseAsync() => Task.FromResult<CaptureDatabase>(new SqliteFile());
}

public sealed class SqliteTransactionEndTests : TransactionEndSuite
{
    protected override Task<CaptureDatabase> CreateDatabaseAsync() => Task.FromResult<CaptureDatabase>(new SqliteFile());
}

public sealed class SqliteDeferredCaptureTests : DeferredCaptureSuite
{
    protected override Task<CaptureDatabase> CreateDatabaseAsync() => Task.FromResult<CaptureDatabase>(new SqliteFile());
}

public sealed class SqliteEntityCaptureTests : EntityCaptureSuite
{
    protected override Task<CaptureDatabase> CreateDatabaseAsync() => Task.FromResult<CaptureDatabase>(new SqliteFile());
}

internal sealed class SqliteFile : CaptureDatabase
{
    private readonly string _file = Path.Combine(Path.GetTempPath(), $"webhookkit-{Guid.NewGuid():N}.db");

    public override void Configure(DbContextOptionsBuilder options) => options.UseSqlite($"Data Source={_file};Pooling=False");

    public override ValueTask DisposeAsync()
    {
        File.Delete(_file);
        return ValueTask.CompletedTask;
    }
}
