using Microsoft.EntityFrameworkCore;

namespace WebhookKit.Chaos.Duplicates;

internal enum DuplicatesStore
{
    Postgres,
    Sqlite,
}

/// <summary>What handling an event leaves behind; nothing keeps a second one of the same event out.</summary>
internal sealed class Effect
{
    public int Id { get; init; }

    public required string Source { get; init; }

    public required int Number { get; init; }
}

/// <summary>The database of the receiving host: its effects beside WebhookKit's tables.</summary>
internal sealed class EffectsDb(DbContextOptions<EffectsDb> options) : DbContext(options)
{
    public DbSet<Effect> Effects => Set<Effect>();

    public static void Use(DbContextOptionsBuilder options, DuplicatesStore store, string connectionString) => _ = store switch
    {
        DuplicatesStore.Sqlite => options.UseSqlite(connectionString),
        _ => options.UseNpgsql(connectionString),
    };

    public static EffectsDb Open(DuplicatesStore store, string connectionString)
    {
        var options = new DbContextOptionsBuilder<EffectsDb>();
        Use(options, store, connectionString);
        return new EffectsDb(options.Options);
    }

    /// <summary>How many events wait in the inbox, leased ones included.</summary>
    public Task<long> CountPendingAsync() =>
        Database.SqlQuery<long>($"SELECT count(*) AS \"Value\" FROM webhook_inbox WHERE status = 0").SingleAsync();

    protected override void OnModelCreating(ModelBuilder modelBuilder) => modelBuilder.AddWebhooks();
}
