using System.Collections.Frozen;
using System.Text.Json;
using WebhookKit.Verification;

namespace WebhookKit.Handshakes;

/// <summary>A request that may be a handshake's question, and what the source it came to can answer with.</summary>
public sealed class HandshakeContext
{
    // A question is small: a larger body is an event, and is not parsed to find that out.
    private const int MaxBodyBytes = 64 * 1024;

    private static readonly JsonDocumentOptions Strict = new() { AllowDuplicateProperties = false };

    private JsonElement? _json;
    private bool _isRead;

    /// <summary>The request as it was received; its URL is needed where a question is in the query.</summary>
    public required WebhookRequest Request { get; init; }

    /// <summary>The source's name.</summary>
    public required string Source { get; init; }

    /// <summary>Whose source it is, where each tenant has its own secrets.</summary>
    public string? TenantId { get; init; }

    /// <summary>The source's secrets; questions are answered with the one that verified them, and unsigned ones with the first.</summary>
    public IReadOnlyList<string> Secrets { get; init; } = [];

    /// <summary>The index in <see cref="Secrets"/> of the one that verified the request, <see cref="VerificationResult.KeyIndex"/>.</summary>
    /// <value>-1, none did, unless said otherwise.</value>
    public int KeyIndex { get; init; } = -1;

    /// <summary>The secret to answer with; null when there is none.</summary>
    internal string? AnsweringSecret =>
        KeyIndex >= 0 && KeyIndex < Secrets.Count ? Secrets[KeyIndex] : Secrets.Count > 0 ? Secrets[0] : null;

    /// <summary>The values of <see cref="WebhookProvider.Settings"/>, by name without regard to case.</summary>
    /// <value>Empty unless said otherwise.</value>
    public IReadOnlyDictionary<string, string> Settings { get; init; } = FrozenDictionary<string, string>.Empty;

    /// <summary>Where learned secrets go; questions that bring one are refused without it.</summary>
    public ISourceSecretStore? SecretStore { get; init; }

    /// <summary>
    /// What calls a provider back, over a <see cref="NetworkSafety.GuardedHttpHandler"/>; questions that want a call are
    /// refused without it.
    /// </summary>
    public HttpMessageInvoker? Client { get; init; }

    /// <summary>The body as JSON; null when it is none, has duplicate members, or is over 64 KiB.</summary>
    internal JsonElement? Json
    {
        get
        {
            if (!_isRead)
            {
                _isRead = true;
                _json = Parse(Request.Body.Span);
            }

            return _json;
        }
    }

    /// <summary>The values of a setting; empty when it is not set.</summary>
    internal string[] GetValues(ProviderSetting setting) =>
        Settings.GetValueOrDefault(setting.Name, "").Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);

    private static JsonElement? Parse(ReadOnlySpan<byte> body)
    {
        if (body.StartsWith("\uFEFF"u8))
        {
            body = body["\uFEFF"u8.Length..];
        }

        if (body.IsEmpty || body.Length > MaxBodyBytes)
        {
            return null;
        }

        try
        {
            return JsonElement.Parse(body, Strict);
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
