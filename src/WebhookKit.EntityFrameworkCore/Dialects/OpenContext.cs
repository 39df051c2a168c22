using System.Diagnostics;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace WebhookKit.EntityFrameworkCore.Dialects;

/// <summary>The owning context in a scope of its own.</summary>
internal sealed class OpenContext(AsyncServiceScope scope, DbContext context) : IDisposable, IAsyncDisposable
{
    private readonly long _since = Stopwatch.GetTimestamp();
    private bool _isOpen;

    public DbContext Context => context;

    public TimeSpan Age => Stopwatch.GetElapsedTime(_since);

    /// <summary>Keeps the connection open until the context is disposed, where it can be opened.</summary>
    public async ValueTask<bool> TryStayOpenAsync()
    {
        try
        {
            if (!_isOpen)
            {
                await context.Database.OpenConnectionAsync().ConfigureAwait(false);
                _isOpen = true;
            }
        }
        catch (Exception)
        {
            // What was to be done is done: it must not look as if it had failed.
        }

        return _isOpen;
    }

    public void Dispose() => scope.Dispose();

    public ValueTask DisposeAsync() => scope.DisposeAsync();
}
