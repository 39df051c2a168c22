using System.Collections.Concurrent;
using WebhookKit.Subscriptions;

namespace WebhookKit.Endpoints;

/// <summary>Asks endpoints whether they want a message, filters included; each filter is read once. Thread-safe.</summary>
internal sealed class ContentFilters
{
    private const int MaxRemembered = 10_000;

    private readonly ConcurrentDictionary<string, ContentFilter?> _filters = new(StringComparer.Ordinal);

    /// <param name="endpoint">Of the message's tenant.</param>
    /// <param name="message">The message.</param>
    /// <param name="payload">The message's payload, read when the first filter asks for it; the caller disposes it.</param>
    /// <returns>Whether the endpoint wants the message, or <see langword="null"/> when its filter cannot say.</returns>
    public bool? Wants(WebhookEndpoint endpoint, WebhookMessage message, ref FilteredPayload? payload)
    {
        if (!endpoint.Wants(message))
        {
            return false;
        }

        // What is sent to one endpoint on purpose is sent.
        return endpoint.Filter is null || message.TargetEndpointId is not null
            ? true
            : Matches(endpoint.Filter, payload ??= new FilteredPayload(message.Payload));
    }

    private bool? Matches(string filter, FilteredPayload payload)
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
