using Microsoft.EntityFrameworkCore;

namespace WebhookKit.EntityFrameworkCore.Tests.Publishing;

/// <summary>An empty database of its own for one test; a provider's tests bring one.</summary>
public abstract class CaptureDatabase : IAsyncDisposable
{
    public abstract void Configure(DbContextOptionsBuilder options);

    public virtual Task CreateTablesAsync(DbContext context) => context.Database.EnsureCreatedAsync();

    public abstract ValueTask DisposeAsync();
}
