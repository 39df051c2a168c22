using System.Collections.Frozen;

namespace WebhookKit.Sources;

/// <summary>Every source of one reading of the configuration, and what is wrong with that reading.</summary>
internal sealed class SourceSnapshot(IEnumerable<string> names, IEnumerable<Source> sources, IReadOnlyList<string> errors)
{
    public static readonly SourceSnapshot Empty = new([], [], []);

    private readonly FrozenDictionary<string, Source> _sources =
        sources.ToFrozenDictionary(source => source.Name, StringComparer.OrdinalIgnoreCase);

    /// <summary>The names of all sources, sound or not.</summary>
    public IReadOnlySet<string> Names { get; } = new SortedSet<string>(names, StringComparer.OrdinalIgnoreCase);

    /// <summary>What is wrong; there are no sources then.</summary>
    public IReadOnlyList<string> Errors => errors;

    public IReadOnlyList<Source> Sources => _sources.Values;

    public Source? Find(string name) => _sources.GetValueOrDefault(name);

    /// <summary>Gives up the sources; each lives on until its last request has ended.</summary>
    public void Retire()
    {
        foreach (var source in _sources.Values)
        {
            source.Release();
        }
    }
}
