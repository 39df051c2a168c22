using System.Collections.Frozen;
using System.Net;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using WebhookKit.Handlers;
using WebhookKit.Handshakes;
using WebhookKit.Receiving;
using WebhookKit.Verification;

namespace WebhookKit.Sources;

/// <summary>A source as requests see it; replaced as a whole when configuration changes.</summary>
/// <remarks>The verifier is disposed when the source has been retired and its last request has ended.</remarks>
internal sealed class Source(
    SourceDeclaration declaration,
    WebhookProvider provider,
    IReadOnlyList<string> secrets,
    AddressList addresses,
    IWebhookVerifier verifier)
{
    private readonly FrozenDictionary<string, HandlerRegistration[]> _handlers = declaration.Handlers
        .Where(handler => handler.EventType is not null)
        .GroupBy(handler => handler.EventType!, StringComparer.Ordinal)
        .ToFrozenDictionary(handlers => handlers.Key, handlers => handlers.ToArray(), StringComparer.Ordinal);

    private readonly HandlerRegistration[] _otherHandlers = [.. declaration.Handlers.Where(handler => handler.EventType is null)];

    private readonly HandshakeStage[] _stages = [.. provider.Handshakes.Select(handshake => handshake.Stage).Distinct()];

    private readonly string[] _methods =
        [.. provider.Methods.Concat(provider.Handshakes.Select(handshake => handshake.Method)).Distinct(StringComparer.OrdinalIgnoreCase)];

    private readonly JsonPointer? _orderingKey = declaration.Inbox?.OrderingKeyPointer is { } pointer ? new JsonPointer(pointer) : null;

    // One for the registry, and one per request.
    private int _users = 1;

    public string Name => declaration.Name;

    /// <summary>The tenant whose requests it verifies; null when it is for no tenant.</summary>
    public string? TenantId => declaration.TenantId;

    public int MaxBodyBytes => declaration.MaxBodyBytes;

    public TimeSpan HandlerTimeout => declaration.HandlerTimeout;

    public TimeSpan ClaimMemory => provider.ClaimMemory;

    public WebhookProvider Provider => provider;

    public IWebhookVerifier Verifier => verifier;

    public Uri? PublicUrl => declaration.PublicUrl;

    public EventReader Events { get; } = new(provider);

    public JsonPointer DataPointer { get; } = new(provider.DataPointer);

    /// <summary>Whether events are kept in the inbox, and handled after the sender is answered.</summary>
    public bool HasInbox => declaration.Inbox is not null;

    public InboxOptions? Inbox => declaration.Inbox;

    public bool HasHandlers => _handlers.Count > 0 || _otherHandlers.Length > 0;

    public bool AllowsAddress(IPAddress? address) => addresses.Allows(address);

    /// <summary>The configured secrets, for the answers of handshakes.</summary>
    public IReadOnlyList<string> Secrets => secrets;

    public IReadOnlyDictionary<string, string> Settings => declaration.Settings;

    /// <summary>Its tenants that are not configured, where secrets are learned; null where every tenant has to be.</summary>
    public LearningTenants? LearningTenants { get; init; }

    public string AllowedMethods => string.Join(", ", _methods);

    /// <summary>Whether the provider sends events or asks questions by this method.</summary>
    public bool AllowsMethod(string method) => _methods.Contains(method, StringComparer.OrdinalIgnoreCase);

    public bool AllowsEventMethod(string method) => provider.Methods.Contains(method, StringComparer.OrdinalIgnoreCase);

    public bool HasHandshakes(HandshakeStage stage) => _stages.Contains(stage);

    /// <summary>Whether the URL is signed, or may hold a question.</summary>
    public bool NeedsUrl(HttpRequest request) => provider.SignsUrl || (_stages.Length > 0 && request.QueryString.HasValue);

    /// <summary>The handlers of an event type in their order; null when nobody wants it.</summary>
    public HandlerRegistration[]? FindHandlers(string eventType) =>
        _handlers.TryGetValue(eventType, out var handlers) ? handlers
        : _otherHandlers.Length > 0 ? _otherHandlers
        : null;

    /// <summary>What the event shares with those it must not overtake; null for nothing.</summary>
    public string? FindOrderingKey(ReadOnlySpan<byte> payload)
    {
        var text = JsonText.WithoutByteOrderMark(payload);
        return _orderingKey?.Find(text, out var value) == JsonPointerResult.Found && JsonText.ReadName(text[value]) is { } key
            ? ClaimKey.Bounded(key)
            : null;
    }

    public bool AllowsContentType(HttpRequest request)
    {
        // A question without a body has no content to take for another kind.
        return provider.ContentTypes.Count == 0
            || (_stages.Length > 0 && HasNoBody(request))
            || MediaType.IsOneOf(request.ContentType, provider.ContentTypes);
    }

    private static bool HasNoBody(HttpRequest request) =>
        request.HttpContext.Features.Get<IHttpRequestBodyDetectionFeature>() is { CanHaveBody: false };

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
            LearningTenants?.Retire();
            (verifier as IDisposable)?.Dispose();
        }
    }
}
