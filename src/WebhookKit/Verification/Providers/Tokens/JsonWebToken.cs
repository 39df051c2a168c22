using System.Diagnostics.CodeAnalysis;
using System.Text;
using System.Text.Json;

namespace WebhookKit.Verification;

/// <summary>A signed token taken apart (RFC 7515, compact form; RFC 7519); nothing of it is believed yet.</summary>
internal sealed class JsonWebToken
{
    private const int MaxLength = HeaderLine.MaxLength;

    private JsonWebToken(string algorithm, string? keyId, JsonElement claims, byte[] signed, byte[] signature)
    {
        Algorithm = algorithm;
        KeyId = keyId;
        Claims = claims;
        Signed = signed;
        Signature = signature;
    }

    public string Algorithm { get; }

    public string? KeyId { get; }

    public JsonElement Claims { get; }

    /// <summary>The bytes that were signed.</summary>
    public byte[] Signed { get; }

    public byte[] Signature { get; }

    public static bool TryParse(string text, [NotNullWhen(true)] out JsonWebToken? token)
    {
        token = null;
        var parts = text.Split('.');
        if (text.Length > MaxLength
            || parts.Length != 3
            || Decode(parts[0]) is not { } header
            || Decode(parts[1]) is not { } claims
            || Decode(parts[2]) is not { Length: > 0 } signature
            || !StrictJson.TryParse(header, out var head)
            || !StrictJson.TryParse(claims, out var body)
            || head.ValueKind != JsonValueKind.Object
            || body.ValueKind != JsonValueKind.Object
            || StrictJson.TextOf(head, "alg") is not { } algorithm

            // RFC 7515, 4.1.11: what must be understood and is not.
            || head.TryGetProperty("crit", out _))
        {
            return false;
        }

        token = new JsonWebToken(algorithm, StrictJson.TextOf(head, "kid"), body, Encoding.ASCII.GetBytes(text[..text.LastIndexOf('.')]), signature);
        return true;
    }

    public string? Text(string claim) => Claims.TryGetProperty(claim, out var value) && value.ValueKind == JsonValueKind.String
        ? StrictJson.TextOf(value)
        : null;

    /// <summary>Whether a claim is this text, or a list that has it.</summary>
    public bool Has(string claim, string expected) => Claims.TryGetProperty(claim, out var value) && value.ValueKind switch
    {
        JsonValueKind.String => StrictJson.TextOf(value) == expected,
        JsonValueKind.Array => value.EnumerateArray().Any(item => item.ValueKind == JsonValueKind.String && StrictJson.TextOf(item) == expected),
        _ => false,
    };

    /// <summary>Reads an instant in Unix seconds (RFC 7519, 2, whole or with a fraction); null when there is none.</summary>
    public DateTimeOffset? Instant(string claim) =>
        Claims.TryGetProperty(claim, out var value)
        && value.ValueKind == JsonValueKind.Number
        && value.TryGetDouble(out var seconds)
        && seconds is >= 0 and < 253_402_300_800
            ? DateTimeOffset.UnixEpoch.AddSeconds(seconds)
            : null;

    private static byte[]? Decode(string part)
    {
        var bytes = new byte[part.Length];
        return SignatureText.TryDecodeBase64Url(part, bytes, out var written) ? bytes[..written] : null;
    }
}
