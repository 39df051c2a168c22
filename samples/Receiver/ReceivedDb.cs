using Microsoft.EntityFrameworkCore;

namespace Receiver;

public sealed class ReceivedEvent
{
    public int Id { get; init; }

    public required string Source { get; init; }

    public required string EventId { get; init; }

    public required string EventType { get; init; }

    public required byte[] Payload { get; init; }
}

public sealed class ReceivedDb(DbContextOptions<ReceivedDb> options) : DbContext(options)
{
    public DbSet<ReceivedEvent> Received => Set<ReceivedEvent>();

    protected override void OnModelCreating(ModelBuilder model) => model.AddWebhooks();
}
