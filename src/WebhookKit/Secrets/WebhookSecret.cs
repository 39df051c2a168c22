using System.Diagnostics;
using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using WebhookKit.Secrets;

namespace WebhookKit;

/// <summary>
/// A Standard Webhooks symmetric secret: <c>whsec_</c> and the base64 of 24 to 64 bytes
/// (Standard Webhooks 1.0.0, "Signature scheme").
/// </summary>
/// <remarks>
/// Two secrets are equal only when they are the same object: different keys can give the same HMAC, so
/// comparing bytes would promise more than it holds.
/// </remarks>
public sealed class WebhookSecret
{
    /// <summary>The fewest bytes a secret may have.</summary>
    public const int MinBytes = 24;

    /// <summary>The most bytes a secret may have.</summary>
    public const int MaxBytes = 64;

    internal const string Prefix = "whsec_";

    [DebuggerBrowsable(DebuggerBrowsableState.Never)]
    private readonly byte[] _key;

    private WebhookSecret(byte[] key) => _key = key;

    internal ReadOnlyMemory<byte> Key => _key;

    /// <summary>Reads a secret; the prefix <c>whsec_</c> may be left out.</summary>
    /// <exception cref="FormatException">The text is not a secret; the message names the cure and never quotes the text.</exception>
    public static WebhookSecret Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        return TryParse(text, out var secret, out var error) ? secret : throw new FormatException(error);
    }

    /// <summary>Reads a secret; the prefix <c>whsec_</c> may be left out.</summary>
    public static bool TryParse([NotNullWhen(true)] string? text, [NotNullWhen(true)] out WebhookSecret? secret) =>
        TryParse(text, out secret, out _);

    /// <summary>Reads a secret, or says in <paramref name="error"/> what is wrong with it and what cures that.</summary>
    /// <param name="text">The secret; the prefix <c>whsec_</c> may be left out.</param>
    /// <param name="secret">The secret, when the text is one.</param>
    /// <param name="error">One sentence for a configuration error; it never quotes the text.</param>
    public static bool TryParse(
        [NotNullWhen(true)] string? text,
        [NotNullWhen(true)] out WebhookSecret? secret,
        [NotNullWhen(false)] out string? error)
    {
        secret = null;
        var encoded = text.AsSpan();
        if (encoded.StartsWith(Prefix, StringComparison.Ordinal))
        {
            encoded = encoded[Prefix.Length..];
        }

        if (encoded.IsEmpty)
        {
            error = "The secret is empty: set it to 'whsec_' followed by the base64 of 24 to 64 random bytes.";
            return false;
        }

        // Half as much again, so that a secret slightly too long is told its length.
        Span<byte> key = stackalloc byte[MaxBytes * 3 / 2];
        if (!StrictBase64.TryDecode(encoded, key, out var length))
        {
            error = "The secret is not base64 of at most 64 bytes: copy it whole, with its padding and without white space; it begins with 'whsec_'.";
            return false;
        }

        if (length is < MinBytes or > MaxBytes)
        {
            error = $"The secret has {length} bytes but must have 24 to 64: generate a new one on both sides.";
            return false;
        }

        secret = new WebhookSecret(key[..length].ToArray());
        CryptographicOperations.ZeroMemory(key);
        error = null;
        return true;
    }

    /// <summary>Makes a secret of random bytes.</summary>
    /// <param name="byteCount">How many bytes, 24 to 64; 32 unless said otherwise.</param>
    /// <exception cref="ArgumentOutOfRangeException">The count is below 24 or above 64.</exception>
    public static WebhookSecret Generate(int byteCount = 32)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(byteCount, MinBytes);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(byteCount, MaxBytes);
        return new WebhookSecret(RandomNumberGenerator.GetBytes(byteCount));
    }

    /// <summary>Returns the whole secret, prefix included: show it to its owner once and never log it.</summary>
    public string Reveal() => Prefix + Convert.ToBase64String(_key);

    /// <summary>Returns <c>whsec_***</c>; <see cref="Reveal"/> returns the secret itself.</summary>
    public override string ToString() => "whsec_***";
}
