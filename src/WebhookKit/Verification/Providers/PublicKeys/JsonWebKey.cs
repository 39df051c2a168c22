using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using System.Text.Json;

namespace WebhookKit.Verification;

/// <summary>A public key in JSON (RFC 7517): RSA, EC over P-256 or P-384, or Ed25519 (RFC 8037).</summary>
internal sealed class JsonWebKey
{
    private const int MaxParameterBytes = 1024;

    private JsonWebKey(string? id, string type)
    {
        Id = id;
        Type = type;
    }

    /// <summary>What tokens name the key by.</summary>
    public string? Id { get; }

    public string Type { get; }

    public RSAParameters? Rsa { get; private init; }

    public ECParameters? Ec { get; private init; }

    public byte[]? Ed25519 { get; private init; }

    /// <summary>When the provider withdrew the key, if it says so.</summary>
    public DateTimeOffset? ExpiredAt { get; private init; }

    public static bool TryParse(string text, [NotNullWhen(true)] out JsonWebKey? key)
    {
        try
        {
            using var document = JsonDocument.Parse(text, new JsonDocumentOptions { AllowDuplicateProperties = false });
            return TryRead(document.RootElement, out key);
        }
        catch (JsonException)
        {
            key = null;
            return false;
        }
    }

    /// <summary>Reads a key; one for encryption, or with a parameter that is not canonical base64url, is none.</summary>
    public static bool TryRead(JsonElement element, [NotNullWhen(true)] out JsonWebKey? key)
    {
        key = null;
        if (element.ValueKind != JsonValueKind.Object || Text(element, "use") is not (null or "sig"))
        {
            return false;
        }

        var id = Text(element, "kid");
        key = Text(element, "kty") switch
        {
            "RSA" when Bytes(element, "n") is { } n && Bytes(element, "e") is { } e => new JsonWebKey(id, "RSA")
            {
                Rsa = new RSAParameters { Modulus = n, Exponent = e },
                ExpiredAt = Expiry(element),
            },
            "EC" when Curve(Text(element, "crv")) is { } curve && Bytes(element, "x") is { } x && Bytes(element, "y") is { } y =>
                new JsonWebKey(id, "EC")
                {
                    Ec = new ECParameters { Curve = curve, Q = new ECPoint { X = x, Y = y } },
                    ExpiredAt = Expiry(element),
                },
            "OKP" when Text(element, "crv") is "Ed25519" && Bytes(element, "x") is { Length: 32 } point => new JsonWebKey(id, "OKP")
            {
                Ed25519 = point,
                ExpiredAt = Expiry(element),
            },
            _ => null,
        };
        return key is not null;
    }

    private static ECCurve? Curve(string? name) => name switch
    {
        "P-256" => ECCurve.NamedCurves.nistP256,
        "P-384" => ECCurve.NamedCurves.nistP384,
        _ => null,
    };

    // Plaid's member, in Unix seconds; null while the key is good.
    private static DateTimeOffset? Expiry(JsonElement element) =>
        !element.TryGetProperty("expired_at", out var expired) || expired.ValueKind == JsonValueKind.Null ? null
        : expired.ValueKind == JsonValueKind.Number && expired.TryGetInt64(out var seconds) && seconds is > 0 and < 253_402_300_800
            ? DateTimeOffset.FromUnixTimeSeconds(seconds)
            : DateTimeOffset.MinValue;

    private static string? Text(JsonElement element, string name)
    {
        try
        {
            return element.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;
        }
        catch (InvalidOperationException)
        {
            // Half a surrogate pair.
            return null;
        }
    }

    private static byte[]? Bytes(JsonElement element, string name)
    {
        var text = Text(element, name);
        Span<byte> bytes = stackalloc byte[MaxParameterBytes];
        return text is { Length: > 0 } && SignatureText.TryDecodeBase64Url(text, bytes, out var written) ? bytes[..written].ToArray() : null;
    }
}
