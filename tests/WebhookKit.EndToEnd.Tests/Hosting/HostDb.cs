using Microsoft.EntityFrameworkCore;

namespace WebhookKit.EndToEnd.Tests.Hosting;

internal sealed record OrderPaid(string Order, decimal Total)
{
    public const string EventType = "order.paid";
}

internal sealed class Order
{
    public required string Id { get; init; }
}

/// <summary>The effect of handling a webhook.</summary>
internal sealed record Parcel
{
    public int Id { get; init; }

    public required string Source { get; init; }

    public required string MessageId { get; init; }

    public required string Order { get; init; }

    public required byte[] Payload { get; init; }
}

/// <summary>What a host of either side keeps, its own rows beside WebhookKit's.</summary>
internal sealed class HostDb(DbContextOptions<HostDb> options) : DbContext(options)
{
    public DbSet<Order> Orders => Set<Order>();

    public DbSet<Parcel> Parcels => Set<Parcel>();

    public Task<int> CountMessagesAsync() =>
        Database.SqlQuery<int>($"SELECT count(*) AS \"Value\" FROM webhook_messages").SingleAsync();

    public Task<DateTimeOffset[]> GetAttemptStartsAsync() =>
        Database.SqlQuery<DateTimeOffset>($"SELECT started_at AS \"Value\" FROM webhook_attempts").ToArrayAsync();

    protected override void OnModelCreating(ModelBuilder modelBuilder) => modelBuilder.AddWebhooks();
}
