using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using WebhookKit.Secrets;
using WebhookKit.Signing.Ed25519;

namespace WebhookKit;

/// <summary>
/// A Standard Webhooks signing key for Ed25519: <c>whsk_</c> and the base64 of the seed of 32 bytes followed by the
/// public key (Standard Webhooks 1.0.0, "Signature scheme"; RFC 8032). The receiver has its <see cref="VerificationKey"/>.
/// </summary>
public sealed class WebhookSigningKey
{
    internal const string Prefix = "whsk_";

    private const int EncodedBytes = PrivateKey.SeedBytes + PublicKey.Bytes;

    private WebhookSigningKey(PrivateKey key)
    {
        PrivateKey = key;
        VerificationKey = WebhookVerificationKey.Create(key.PublicKeyBytes);
    }

    /// <summary>The key that verifies what this one signs: give it to the receiver.</summary>
    public WebhookVerificationKey VerificationKey { get; }

    internal PrivateKey PrivateKey { get; }

    /// <summary>Reads a signing key.</summary>
    /// <exception cref="FormatException">The text is not a signing key; the message names the cure and never quotes the text.</exception>
    public static WebhookSigningKey Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        return TryParse(text, out var key, out var error) ? key : throw new FormatException(error);
    }

    /// <summary>Reads a signing key.</summary>
    public static bool TryParse([NotNullWhen(true)] string? text, [NotNullWhen(true)] out WebhookSigningKey? key) =>
        TryParse(text, out key, out _);

    /// <summary>Reads a signing key, or says in <paramref name="error"/> what is wrong with it and what cures that.</summary>
    /// <param name="text">The signing key: the prefix, and the seed with or without the public key behind it.</param>
    /// <param name="key">The signing key, when the text is one.</param>
    /// <param name="error">One sentence for a configuration error; it never quotes the text.</param>
    public static bool TryParse(
        [NotNullWhen(true)] string? text,
        [NotNullWhen(true)] out WebhookSigningKey? key,
        [NotNullWhen(false)] out string? error)
    {
        key = null;
        if (text?.StartsWith(Prefix, StringComparison.Ordinal) is not true)
        {
            error = "The signing key does not begin with 'whsk_': copy it whole, prefix included.";
            return false;
        }

        Span<byte> bytes = stackalloc byte[EncodedBytes * 3 / 2];
        try
        {
            if (!StrictBase64.TryDecode(text.AsSpan(Prefix.Length), bytes, out var length)
                || length is not (EncodedBytes or PrivateKey.SeedBytes))
            {
                error = "The signing key is not 'whsk_' and the base64 of 64 bytes: copy it whole, with its padding and without white space.";
                return false;
            }

            // Signing with another public key than the seed's own gives the seed away.
            var privateKey = new PrivateKey(bytes);
            if (length == EncodedBytes && !bytes[PrivateKey.SeedBytes..length].SequenceEqual(privateKey.PublicKeyBytes))
            {
                error = "The two halves of the signing key do not belong together: copy it whole, or generate a new one.";
                return false;
            }

            key = new WebhookSigningKey(privateKey);
            error = null;
            return true;
        }
        finally
        {
            CryptographicOperations.ZeroMemory(bytes);
        }
    }

    /// <summary>Makes a signing key of random bytes.</summary>
    public static WebhookSigningKey Generate()
    {
        Span<byte> seed = stackalloc byte[PrivateKey.SeedBytes];
        RandomNumberGenerator.Fill(seed);
        var key = new WebhookSigningKey(new PrivateKey(seed));
        CryptographicOperations.ZeroMemory(seed);
        return key;
    }

    /// <summary>Returns the whole signing key, prefix included: keep it with the sender alone and never log it.</summary>
    public string Reveal()
    {
        Span<byte> bytes = stackalloc byte[EncodedBytes];
        PrivateKey.Seed.CopyTo(bytes);
        PrivateKey.PublicKeyBytes.CopyTo(bytes[PrivateKey.SeedBytes..]);
        var text = Prefix + Convert.ToBase64String(bytes);
        CryptographicOperations.ZeroMemory(bytes);
        return text;
    }

    /// <summary>Returns <c>whsk_***</c>; <see cref="Reveal"/> returns the signing key itself.</summary>
    public override string ToString() => "whsk_***";
}
