using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using WebhookKit.Secrets;
using WebhookKit.Signing.Ed25519;
using PublicKey = WebhookKit.Signing.Ed25519.PublicKey;

namespace WebhookKit.Verification;

/// <summary>
/// Reads a public key in any of the forms that providers show: SubjectPublicKeyInfo as PEM or as base64 of its DER, a PEM
/// certificate, a JSON Web Key, and for Ed25519 the 32 bytes in hexadecimal, base64 or as <c>whpk_…</c>.
/// </summary>
internal static class PublicKeyText
{
    private const int MinRsaBits = 2048;
    private const int MaxRsaBits = 8192;
    private const int MaxLength = 16 * 1024;

    public static string? Validate(string? text, SignatureAlgorithm algorithm)
    {
        if (string.IsNullOrWhiteSpace(text))
        {
            return "The public key is empty: copy it from where the provider shows it.";
        }

        using var key = TryRead(text, algorithm);
        return key is not null ? null : algorithm switch
        {
            SignatureAlgorithm.Ed25519 => "The key is not a safe Ed25519 public key: copy its hexadecimal, base64, PEM or JSON form whole.",
            SignatureAlgorithm.EcdsaP256Sha256Der => "The key is not a P-256 public key: copy its base64, PEM or JSON form whole.",
            _ => "The key is not an RSA public key of 2048 to 8192 bits: copy its base64, PEM or JSON form whole.",
        };
    }

    /// <summary>Returns null when the text is no such key.</summary>
    public static IPublicKey? TryRead(string text, SignatureAlgorithm algorithm)
    {
        switch (algorithm)
        {
            case SignatureAlgorithm.Ed25519:
                return TryReadEd25519(text, out var edwards) ? new Ed25519Key(edwards) : null;
            case SignatureAlgorithm.EcdsaP256Sha256Der:
                return TryReadEcdsa(text, ECCurve.NamedCurves.nistP256, out var ecdsa)
                    ? HashedKey.Create(ecdsa, HashAlgorithmName.SHA256, DSASignatureFormat.Rfc3279DerSequence)
                    : null;
            default:
                return TryReadRsa(text, out var rsa) ? HashedKey.Create(rsa, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1) : null;
        }
    }

    public static bool TryReadEd25519(string text, [NotNullWhen(true)] out PublicKey? key)
    {
        key = null;
        Span<byte> bytes = stackalloc byte[PublicKey.Bytes];
        if (text.Length == PublicKey.Bytes * 2 && text.All(char.IsAsciiHexDigit))
        {
            Convert.FromHexString(text, bytes, out _, out _);
        }
        else if (JsonWebKey.TryParse(text, out var json) && json.Ed25519 is { } point)
        {
            point.CopyTo(bytes);
        }
        else if (!TryReadRaw(text.StartsWith(WebhookVerificationKey.Prefix, StringComparison.Ordinal)
            ? text[WebhookVerificationKey.Prefix.Length..]
            : text, bytes))
        {
            // RFC 8410: 12 bytes of structure before the key.
            if (TryReadSubjectPublicKeyInfo(text) is not { Length: 12 + PublicKey.Bytes } info
                || !info.AsSpan().StartsWith("\x30\x2A\x30\x05\x06\x03\x2B\x65\x70\x03\x21\x00"u8))
            {
                return false;
            }

            info.AsSpan(12).CopyTo(bytes);
        }

        return PublicKey.TryCreate(bytes, out key);
    }

    public static bool TryReadEcdsa(string text, ECCurve curve, [NotNullWhen(true)] out ECDsa? key) => TryRead(
        text,
        ECDsa.Create(),
        json => json.Ec,
        (read, parameters) => read.ImportParameters(parameters),
        read => read.ExportParameters(includePrivateParameters: false).Curve.Oid.Value == curve.Oid.Value,
        out key);

    public static bool TryReadRsa(string text, [NotNullWhen(true)] out RSA? key) => TryRead(
        text,
        RSA.Create(),
        json => json.Rsa,
        (read, parameters) => read.ImportParameters(parameters),
        read => read.KeySize is >= MinRsaBits and <= MaxRsaBits,
        out key);

    private static bool TryRead<TKey, TParameters>(
        string text,
        TKey read,
        Func<JsonWebKey, TParameters?> parametersOf,
        Action<TKey, TParameters> import,
        Func<TKey, bool> isAllowed,
        [NotNullWhen(true)] out TKey? key)
        where TKey : AsymmetricAlgorithm
        where TParameters : struct
    {
        key = null;
        try
        {
            if (JsonWebKey.TryParse(text, out var json))
            {
                if (parametersOf(json) is not { } parameters)
                {
                    return false;
                }

                import(read, parameters);
            }
            else if (TryReadSubjectPublicKeyInfo(text) is { } info)
            {
                read.ImportSubjectPublicKeyInfo(info, out _);
            }
            else
            {
                return false;
            }

            key = isAllowed(read) ? read : null;
            return key is not null;
        }
        catch (CryptographicException)
        {
            return false;
        }
        finally
        {
            if (key is null)
            {
                read.Dispose();
            }
        }
    }

    /// <summary>Returns the DER of a SubjectPublicKeyInfo or of a certificate's; null when the text is neither.</summary>
    private static byte[]? TryReadSubjectPublicKeyInfo(string text)
    {
        if (text.Length > MaxLength)
        {
            return null;
        }

        try
        {
            if (PemEncoding.TryFind(text, out var fields))
            {
                switch (text.AsSpan()[fields.Label])
                {
                    case "PUBLIC KEY":
                        return Convert.FromBase64String(text[fields.Base64Data]);
                    case "CERTIFICATE":
                        using (var certificate = X509Certificate2.CreateFromPem(text))
                        {
                            return certificate.PublicKey.ExportSubjectPublicKeyInfo();
                        }

                    default:
                        return null;
                }
            }

            return Convert.FromBase64String(text);
        }
        catch (Exception exception) when (exception is FormatException or CryptographicException)
        {
            return null;
        }
    }

    private static bool TryReadRaw(string text, Span<byte> bytes) =>
        StrictBase64.TryDecode(text, bytes, out var written) && written == bytes.Length;
}
