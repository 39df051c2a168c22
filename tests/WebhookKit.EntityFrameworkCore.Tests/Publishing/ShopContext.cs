using Microsoft.EntityFrameworkCore;

namespace WebhookKit.EntityFrameworkCore.Tests.Publishing;

public sealed class ShopContext(DbContextOptions<ShopContext> options) : DbContext(options)
{
    public DbSet<Order> Orders => Set<Order>();

    protected override void OnModelCreating(ModelBuilder modelBuilder)
    {
        modelBuilder.Entity<Order>().HasIndex(order => order.Number).IsUnique();
        modelBuilder.AddWebhooks();
    }
}

/// <summary>Joins the transactions of <see cref="ShopContext"/>, which owns the tables.</summary>
public sealed class BillingContext(DbContextOptions<BillingContext> options) : DbContext(options)
{
    protected override void OnModelCreating(ModelBuilder modelBuilder) =>
        modelBuilder.AddWebhooks(webhooks => webhooks.ExcludeFromMigrations());
}

public sealed class Order : IHasWebhooks
{
    public int Id { get; set; }

    public required string Number { get; set; }

    public int Total { get; set; }

    public WebhookCollection Webhooks { get; } = new();
}

public sealed record OrderPaid(int OrderId, string Number);
