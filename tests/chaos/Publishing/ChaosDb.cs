using Microsoft.EntityFrameworkCore;

namespace WebhookKit.Chaos.Publishing;

/// <summary>The database of the host: its orders beside WebhookKit's tables.</summary>
internal sealed class ChaosDb(DbContextOptions<ChaosDb> options) : DbContext(options)
{
    public DbSet<Order> Orders => Set<Order>();

    protected override void OnModelCreating(ModelBuilder modelBuilder)
    {
        modelBuilder.Entity<Order>(order =>
        {
            order.ToTable("chaos_orders");
            order.HasKey(row => row.MessageId);
            order.Property(row => row.MessageId).HasColumnName("message_id").ValueGeneratedNever();
        });
        modelBuilder.AddWebhooks();
    }
}

/// <summary>A row that commits with its message or not at all: the witness of what a transaction came to.</summary>
internal sealed class Order
{
    public required Guid MessageId { get; init; }
}

/// <summary>Goes to every plain endpoint.</summary>
internal sealed record OrderPaid(string Node, int Number, string Note)
{
    public const string EventType = "order.paid";
}

/// <summary>Goes to the ordered endpoint.</summary>
internal sealed record OrderMoved(string Node, int Number)
{
    public const string EventType = "order.moved";
}
