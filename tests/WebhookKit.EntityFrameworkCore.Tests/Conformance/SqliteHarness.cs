using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using WebhookKit.EntityFrameworkCore.DependencyInjection;
using WebhookKit.EntityFrameworkCore.Dialects;
using WebhookKit.EntityFrameworkCore.Outbox;
using WebhookKit.StoreConformance;

namespace WebhookKit.EntityFrameworkCore.Tests.Conformance;

/// <summary>The EF Core stores on a SQLite file of their own.</summary>
internal sealed class SqliteHarness : StoreHarness
{
    private readonly string _file = Path.Combine(Path.GetTempPath(), $"webhookkit-{Guid.NewGuid():N}.db");
    private readonly ServiceProvider _services;

    private SqliteHarness()
    {
        var services = new ServiceCollection();
        services.AddWebhooks();
        services.AddDbContext<StoreContext>(options => options.UseSqlite($"Data Source={_file}"));
        EntityFrameworkStores.AddStores<StoreContext>(services);
        _services = services.BuildServiceProvider(validateScopes: true);
    }

    public override IServiceProvider Services => _services;

    public static async Task<StoreHarness> CreateAsync()
    {
        var harness = new SqliteHarness();
        await using var scope = harness._services.CreateAsyncScope();
        var database = scope.ServiceProvider.GetRequiredService<StoreContext>().Database;
        await database.EnsureCreatedAsync();
        await database.ExecuteSqlRawAsync("PRAGMA journal_mode = WAL");
        return harness;
    }

    public override Task AdvanceAsync(TimeSpan by)
    {
        _services.GetRequiredService<DatabaseClock>().Offset += by;
        return Task.CompletedTask;
    }

    public override async Task CaptureAsync(IReadOnlyList<WebhookMessage> messages)
    {
        await using var scope = _services.CreateAsyncScope();
        var context = scope.ServiceProvider.GetRequiredService<StoreContext>();
        context.AddRange(messages.Select(MessageEntity.From));
        context.AddRange(messages.Select(OutboxEntity.From));
        await context.SaveChangesAsync();
    }

    public override Task RecordEffectAsync(IServiceProvider scope, string text)
    {
        scope.GetRequiredService<StoreContext>().Effects.Add(new Effect { Text = text });
        return Task.CompletedTask;
    }

    public override async Task<int> CountEffectsAsync()
    {
        await using var scope = _services.CreateAsyncScope();
        return await scope.ServiceProvider.GetRequiredService<StoreContext>().Effects.CountAsync();
    }

    public override async ValueTask DisposeAsync()
    {
        await _services.DisposeAsync();
        SqliteConnection.ClearAllPools();
        foreach (var suffix in new[] { "", "-wal", "-shm" })
        {
            File.Delete(_file + suffix);
        }
    }

    internal sealed class StoreContext(DbContextOptions<StoreContext> options) : DbContext(options)
    {
        public DbSet<Effect> Effects => Set<Effect>();

        protected override void OnModelCreating(ModelBuilder modelBuilder) => modelBuilder.AddWebhooks();
    }

    internal sealed class Effect
    {
        public int Id { get; set; }

        public required string Text { get; set; }
    }
}
