using Microsoft.EntityFrameworkCore;

namespace ServerlessReceiver;

public sealed class Received
{
    public int Id { get; init; }

    public required string Source { get; init; }

    public required byte[] Payload { get; init; }
}

public sealed class FunctionDb(DbContextOptions<FunctionDb> options) : DbContext(options)
{
    public DbSet<Received> Received => Set<Received>();

    protected override void OnModelCreating(ModelBuilder model) => model.AddWebhooks();
}
