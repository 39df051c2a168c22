using Microsoft.EntityFrameworkCore;

namespace WebhookKit.LoadTest.Databases;

/// <summary>A row of the host's own.</summary>
internal sealed class Order
{
    public required Guid Id { get; init; }

    public required string Customer { get; init; }

    public decimal Total { get; init; }
}

/// <summary>The host's database with WebhookKit's tables in it.</summary>
internal sealed class LoadDb(DbContextOptions<LoadDb> options) : DbContext(options)
{
    public DbSet<Order> Orders => Set<Order>();

    /// <summary>When the last transaction was about to commit, by the machine's monotonic clock.</summary>
    public long CommittingAt { get; set; }

    public static LoadDb Open(StoreSettings settings)
    {
        var options = new DbContextOptionsBuilder<LoadDb>();
        settings.Use(options);
        return new LoadDb(options.Options);
    }

    protected override void OnModelCreating(ModelBuilder modelBuilder) => modelBuilder.AddWebhooks();
}
