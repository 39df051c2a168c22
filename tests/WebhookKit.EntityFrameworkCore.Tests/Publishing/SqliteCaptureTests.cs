using System.Data.Common;
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

    [Theory]
    [InlineData(null, 1_000)]
    [InlineData(70, 70)]
    public async Task BusyTimeout_OfTheHostsConnection_IsOursUnlessItHasOne(int? ofTheHost, int expected)
    {
        await using var host = await CaptureHost.StartAsync(
            await CreateDatabaseAsync(), configure: options => options.AddInterceptors(new BusyTimeoutOfTheHost(ofTheHost)));

        await host.UseAsync(async db =>
            Assert.Equal(expected, (await db.Database.SqlQueryRaw<int>("PRAGMA busy_timeout").ToListAsync()).Single()));
    }

    protected override Task<CaptureDatabase> CreateDatabaseAsync() => Task.FromResult<CaptureDatabase>(new SqliteFile());

    private sealed class BusyTimeoutOfTheHost(int? milliseconds) : DbConnectionInterceptor
    {
        public override Task ConnectionOpenedAsync(
            DbConnection connection, ConnectionEndEventData eventData, CancellationToken cancellationToken = default)
        {
            if (milliseconds is not null)
            {
                using var command = connection.CreateCommand();
                command.CommandText = $"PRAGMA busy_timeout = {milliseconds}";
                command.ExecuteNonQuery();
            }

            return Task.CompletedTask;
        }
    }
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
