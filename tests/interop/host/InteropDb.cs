using Microsoft.EntityFrameworkCore;

namespace WebhookKit.Interop.Host;

/// <summary>One run of a handler, with the hash of the bytes it was given.</summary>
internal sealed record Handled(string Source, string MessageId, string Sha256)
{
    public int Id { get; init; }
}

internal sealed class InteropDb(DbContextOptions<InteropDb> options) : DbContext(options)
{
    public DbSet<Handled> Handled => Set<Handled>();

    protected override void OnModelCreating(ModelBuilder modelBuilder) => modelBuilder.AddWebhooks();
}
