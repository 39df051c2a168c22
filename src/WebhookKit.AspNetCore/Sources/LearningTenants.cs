namespace WebhookKit.Sources;

/// <summary>The tenants of a source that learns its secrets: each is a source of its own, made when its first request comes.</summary>
internal sealed class LearningTenants(Func<string, Source?> create)
{
    // Whoever makes up more tenants than that has all of them made again.
    private const int MaxTenants = 1000;

    private readonly Lock _gate = new();
    private readonly Dictionary<string, Source> _sources = new(StringComparer.Ordinal);
    private bool _isRetired;

    /// <summary>Finds the source of a tenant, which may be one that nobody has registered: it verifies nothing then.</summary>
    public Source? Find(string tenantId)
    {
        if (tenantId.Length is 0 or > MessageDefaults.MaxKeyLength || tenantId.Any(char.IsControl))
        {
            return null;
        }

        lock (_gate)
        {
            if (_isRetired)
            {
                return null;
            }

            if (!_sources.TryGetValue(tenantId, out var source) && (source = create(tenantId)) is not null)
            {
                if (_sources.Count >= MaxTenants)
                {
                    ReleaseAll();
                }

                _sources.Add(tenantId, source);
            }

            return source;
        }
    }

    /// <summary>Gives up the sources; each lives on until its last request has ended.</summary>
    public void Retire()
    {
        lock (_gate)
        {
            _isRetired = true;
            ReleaseAll();
        }
    }

    private void ReleaseAll()
    {
        foreach (var source in _sources.Values)
        {
            source.Release();
        }

        _sources.Clear();
    }
}
