using System.Collections.Concurrent;

namespace WebhookKit.EntityFrameworkCore.Dialects;

/// <summary>Contexts with an open connection that are kept from one call to the next while calls follow each other closely.</summary>
/// <remarks>
/// Under load a scope, a context and the reset of a connection for each batch cost as much as a statement. Between
/// calls that do not follow each other nothing is kept: the connection belongs to the host's pool.
/// </remarks>
internal sealed class KeptContexts : IDisposable, IAsyncDisposable
{
    /// <summary>However busy the dispatcher is, what the host configures for a scope or a connection is asked for anew so often.</summary>
    public static readonly TimeSpan MaxAge = TimeSpan.FromSeconds(1);

    private readonly ConcurrentStack<OpenContext> _kept = new();

    /// <summary>Takes one that was kept.</summary>
    public OpenContext? Take() => _kept.TryPop(out var open) ? open : null;

    /// <summary>Keeps the context for the next call.</summary>
    /// <returns>Whether it is kept; not when it is old, and the caller disposes it.</returns>
    public async ValueTask<bool> TryKeepAsync(OpenContext open)
    {
        if (open.Age >= MaxAge || !await open.TryStayOpenAsync().ConfigureAwait(false))
        {
            return false;
        }

        _kept.Push(open);
        return true;
    }

    public void Dispose()
    {
        while (Take() is { } open)
        {
            open.Dispose();
        }
    }

    public async ValueTask DisposeAsync()
    {
        while (Take() is { } open)
        {
            await open.DisposeAsync().ConfigureAwait(false);
        }
    }
}
