using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace WebhookKit.EntityFrameworkCore.DependencyInjection;

/// <summary>The context of a scope, the same that the host's code gets there.</summary>
internal sealed class ScopedContext<TContext> : IAsyncDisposable, IDisposable
    where TContext : DbContext
{
    private readonly TContext? _own;

    public ScopedContext(IServiceProvider services)
    {
        // A pooled factory registers no context of its own: then the scope's is ours to give back.
        Value = services.GetService<TContext>()
            ?? (_own = services.GetRequiredService<IDbContextFactory<TContext>>().CreateDbContext());
    }

    public TContext Value { get; }

    public void Dispose() => _own?.Dispose();

    public ValueTask DisposeAsync() => _own?.DisposeAsync() ?? ValueTask.CompletedTask;
}
