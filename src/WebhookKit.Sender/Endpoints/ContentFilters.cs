using System.Collections.Concurrent;
using WebhookKit.Subscriptions;

namespace WebhookKit.Endpoints;

/// <summary>Asks endpoints' filters about payloads; each filter is read once. Thread-safe.</summary>
internal sealed class ContentFilters
{
    private const int MaxRemembered = 10_000;

    private readonly ConcurrentDictionary<string, ContentFilter?> _filters = new(StringComparer.Ordinal);

    /// <returns>Whether the payload meets the filter, or <see langword="null"/> when that cannot be said.</returns>
    public bool? Matches(string filter, FilteredPayload payload)
    {
        try
        {
            return payload.Root is { } root ? Find(filter)?.Matches(root) : null;
        }
        catch (InvalidOperationException)
        {
            return null;
        }
    }

    // One that cannot be read was stored by a deployment that knows more.
    private ContentFilter? Find(string text)
    {
        if (_filters.TryGetValue(text, out var filter))
        {
            return filter;
        }

        _ = ContentFilter.TryParse(text, out filter, out _);
        if (_filters.Count >= MaxRemembered)
        {
            _filters.Clear();
        }

        _filters[text] = filter;
        return filter;
    }
}
