using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Primitives;

namespace WebhookKit.Sources;

/// <summary>The live snapshot, replaced when configuration changes and the change is sound.</summary>
internal sealed class SourceRegistry : IDisposable
{
    private readonly SourceFactory _factory;
    private readonly ILogger<SourceRegistry> _logger;
    private readonly Lock _reloading = new();
    private readonly IDisposable? _subscription;
    private volatile SourceSnapshot _snapshot;
    private bool _disposed;

    public SourceRegistry(SourceFactory factory, ILogger<SourceRegistry> logger, IConfiguration? configuration = null)
    {
        _factory = factory;
        _logger = logger;
        _snapshot = factory.Create();
        LogSourcesWithoutHandlers();
        _subscription = configuration is null ? null : ChangeToken.OnChange(configuration.GetReloadToken, Reload);
    }

    public SourceSnapshot Snapshot => _snapshot;

    /// <summary>Finds a source and keeps it for one request, which must release it.</summary>
    public Source? Acquire(string name, string? tenantId)
    {
        while (_snapshot.Find(name, tenantId) is { } source)
        {
            if (source.TryAcquire())
            {
                return source;
            }
        }

        return null;
    }

    public void Dispose()
    {
        _subscription?.Dispose();
        lock (_reloading)
        {
            _disposed = true;
            Replace(SourceSnapshot.Empty);
        }
    }

    private void Reload()
    {
        lock (_reloading)
        {
            if (_disposed)
            {
                return;
            }

            var next = _factory.Create();
            if (next.Errors.Count > 0)
            {
                Log.ReloadRejected(_logger, string.Join(' ', next.Errors));
                return;
            }

            Replace(next);
            Log.SourcesReloaded(_logger, next.Sources.Count);
        }
    }

    // The old snapshot is retired only once the new one is in view, so that Acquire finds one or the other.
    private void Replace(SourceSnapshot next)
    {
        var previous = _snapshot;
        _snapshot = next;
        previous.Retire();
    }

    private void LogSourcesWithoutHandlers()
    {
        foreach (var source in _snapshot.Sources.Where(source => !source.HasHandlers).DistinctBy(source => source.Name))
        {
            Log.SourceWithoutHandlers(_logger, source.Name);
        }
    }
}
