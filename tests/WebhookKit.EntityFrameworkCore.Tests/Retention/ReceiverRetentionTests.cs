using System.Diagnostics;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using WebhookKit.EntityFrameworkCore.Tests.Publishing;
using WebhookKit.Idempotency;
using WebhookKit.Identifiers;
using WebhookKit.Inbox;

namespace WebhookKit.EntityFrameworkCore.Tests.Retention;

/// <summary>A host that only receives has no sender, and its claims and inbox entries are deleted all the same.</summary>
public sealed class ReceiverRetentionTests : IAsyncDisposable
{
    private readonly SqliteFile _database = new();
    private readonly IHost _host;

    public ReceiverRetentionTests()
    {
        var builder = Host.CreateEmptyApplicationBuilder(settings: null);
        builder.Services.AddDbContext<ShopContext>(_database.Configure);
        builder.Services.AddWebhooks(options =>
        {
            options.Retention.HandledEvents = TimeSpan.FromMilliseconds(1);
            options.Retention.Interval = TimeSpan.FromMilliseconds(200);
        }).UseEntityFrameworkCore<ShopContext>();
        _host = builder.Build();
    }

    public async ValueTask DisposeAsync()
    {
        await _host.StopAsync();
        _host.Dispose();
        await _database.DisposeAsync();
    }

    [Fact]
    public async Task Host_WithoutSender_DeletesClaimsAndHandledEventsAndKeepsTheOthers()
    {
        await using var scope = _host.Services.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<ShopContext>().Database;
        await db.EnsureCreatedAsync();
        await FillAsync();
        Assert.Equal((4, 2), (await CountAsync(db, "webhook_claims"), await CountAsync(db, "webhook_inbox")));

        await _host.StartAsync();

        var waited = Stopwatch.StartNew();
        while ((await CountAsync(db, "webhook_claims"), await CountAsync(db, "webhook_inbox")) != (2, 1))
        {
            Assert.True(waited.Elapsed < TimeSpan.FromMinutes(2), "Nothing is deleted.");
            await Task.Delay(20);
        }

        Assert.True(await _host.Services.GetRequiredService<IClaimStore>().IsClaimedAsync("shop", null, "inline-long", default));
        Assert.Equal(InboxStatus.Pending, await _host.Services.GetRequiredService<IInboxStore>().GetStatusAsync("shop", null, "pending", default));
    }

    private async Task FillAsync()
    {
        var transaction = _host.Services.GetRequiredService<IHandlerTransaction>();
        await transaction.ExecuteAsync(NewClaim("inline-short", TimeSpan.FromMilliseconds(1)), (_, _) => Task.CompletedTask, default);
        await transaction.ExecuteAsync(NewClaim("inline-long", ClaimDefaults.Memory), (_, _) => Task.CompletedTask, default);
        var inbox = _host.Services.GetRequiredService<IInboxStore>();
        await inbox.AppendAsync([NewEntry("handled", TimeSpan.FromMilliseconds(1))], default);
        var leased = await inbox.LeaseAsync("shop", 1, new IdGenerator(TimeProvider.System).NewLeaseId(), TimeSpan.FromMinutes(1), default);
        await inbox.CompleteAsync([new InboxCompletion(leased[0], InboxStatus.Handled)], default);
        await inbox.AppendAsync([NewEntry("pending", ClaimDefaults.Memory)], default);
    }

    private static async Task<int> CountAsync(Microsoft.EntityFrameworkCore.Infrastructure.DatabaseFacade db, string table)
    {
        var sql = $"SELECT count(*) AS Value FROM {table}";
        return await db.SqlQueryRaw<int>(sql).SingleAsync();
    }

    private static WebhookClaim NewClaim(string key, TimeSpan memory) => new("shop", null, key, memory);

    private static InboxEntry NewEntry(string key, TimeSpan memory) =>
        new() { Claim = NewClaim(key, memory), EventType = "order.paid", Payload = "{}"u8.ToArray() };
}
