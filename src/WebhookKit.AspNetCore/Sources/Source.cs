using System.Collections.Frozen;
using WebhookKit.Handlers;
using WebhookKit.Receiving;
using WebhookKit.Verification;

namespace WebhookKit.Sources;

/// <summary>A source as requests see it; replaced as a whole when configuration changes.</summary>
/// <remarks>The verifier is disposed when the source has been retired and its last request has ended.</remarks>
internal sealed class Source(SourceDeclaration declaration, WebhookProvider provider, IWebhookVerifier verifier)
{
    private readonly FrozenDictionary<string, HandlerRegistration[]> _handlers = declaration.Handlers
        .Where(handler => handler.EventType is not null)
        .GroupBy(handler => handler.EventType!, StringComparer.Ordinal)
        .ToFrozenDictionary(handlers => handlers.Key, handlers => handlers.ToArray(), StringComparer.Ordinal);

    private readonly HandlerRegistration[] _otherHandlers = [.. declaration.Handlers.Where(handler => handler.EventType is null)];

    // One for the registry, and one per request.
    private int _users = 1;

    public string Name => declaration.Name;

    public int MaxBodyBytes => declaration.MaxBodyBytes;

    public TimeSpan HandlerTimeout => declaration.HandlerTimeout;

    public TimeSpan ClaimMemory => provider.ClaimMemory;

    public WebhookProvider Provider => provider;

    public IWebhookVerifier Verifier => verifier;

    public Uri? PublicUrl => declaration.PublicUrl;

    public EventReader Events { get; } = new(provider);

    public JsonPointer DataPointer { get; } = new(provider.DataPointer);

    public bool HasHandlers => _handlers.Count > 0 || _otherHandlers.Length > 0;

    public string AllowedMethods { get; } = string.Join(", ", provider.Methods);

    public bool AllowsMethod(string method) => provider.Methods.Contains(method, StringComparer.OrdinalIgnoreCase);

    /// <summary>The handlers of an event type in their order; null when nobody wants it.</summary>
    public HandlerRegistration[]? FindHandlers(string eventType) =>
        _handlers.TryGetValue(eventType, out var handlers) ? handlers
        : _otherHandlers.Length > 0 ? _otherHandlers
        : null;

    public bool AllowsContentType(string? contentType)
    {
        if (provider.ContentTypes.Count == 0)
        {
            return true;
        }

        var mediaType = contentType.AsSpan();
        var parameters = mediaType.IndexOf(';');
        mediaType = (parameters < 0 ? mediaType : mediaType[..parameters]).Trim();
        foreach (var allowed in provider.ContentTypes)
        {
            if (mediaType.Equals(allowed, StringComparison.OrdinalIgnoreCase))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Keeps the verifier for one request; false once it may have been disposed.</summary>
    public bool TryAcquire()
    {
        var users = Volatile.Read(ref _users);
        while (users > 0)
        {
            var seen = Interlocked.CompareExchange(ref _users, users + 1, users);
            if (seen == users)
            {
                return true;
            }

            users = seen;
        }

        return false;
    }

    public void Release()
    {
        if (Interlocked.Decrement(ref _users) == 0)
        {
            (verifier as IDisposable)?.Dispose();
        }
    }
}
