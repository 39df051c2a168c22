using System.Collections.Frozen;

namespace WebhookKit.Sources;

/// <summary>Every source of one reading of the configuration, and what is wrong with that reading.</summary>
internal sealed class SourceSnapshot(IEnumerable<string> names, IEnumerable<Source> sources, IReadOnlyList<string> errors)
{
    public static readonly SourceSnapshot Empty = new([], [], []);

    private readonly FrozenDictionary<string, Source> _sources =
        sources.ToFrozenDictionary(source => Key(source.Name, source.TenantId), StringComparer.OrdinalIgnoreCase);

    /// <summary>The names of all sources, sound or not.</summary>
    public IReadOnlySet<string> Names { get; } = new SortedSet<string>(names, StringComparer.OrdinalIgnoreCase);

    /// <summary>What is wrong; there are no sources then.</summary>
    public IReadOnlyList<string> Errors => errors;

    public IReadOnlyList<Source> Sources => _sources.Values;

    /// <summary>Finds the source that verifies a tenant's requests, or those of no tenant.</summary>
    public Source? Find(string name, string? tenantId) => _sources.GetValueOrDefault(Key(name, tenantId))
        ?? (tenantId is null ? null : _sources.GetValueOrDefault(name)?.LearningTenants?.Find(tenantId));

    /// <summary>Gives up the sources; each lives on until its last request has ended.</summary>
    public void Retire()
    {
        foreach (var source in _sources.Values)
        {
            source.Release();
        }
    }

    // A source's name has no slash.
    private static string Key(string name, string? tenantId) => tenantId is null ? name : $"{name}/{tenantId}";
}
