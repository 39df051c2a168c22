using System.Diagnostics.CodeAnalysis;
using WebhookKit.Secrets;
using WebhookKit.Signing.Ed25519;

namespace WebhookKit;

/// <summary>
/// A Standard Webhooks verification key for Ed25519: <c>whpk_</c> and the base64 of the public key's 32 bytes
/// (Standard Webhooks 1.0.0, "Signature scheme"; RFC 8032). It is no secret, and verifies without being able to sign.
/// </summary>
public sealed class WebhookVerificationKey : IEquatable<WebhookVerificationKey>
{
    internal const string Prefix = "whpk_";

    private WebhookVerificationKey(PublicKey key) => PublicKey = key;

    internal PublicKey PublicKey { get; }

    /// <summary>Reads a verification key.</summary>
    /// <exception cref="FormatException">The text is not a verification key; the message names the cure.</exception>
    public static WebhookVerificationKey Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        return TryParse(text, out var key, out var error) ? key : throw new FormatException(error);
    }

    /// <summary>Reads a verification key.</summary>
    public static bool TryParse([NotNullWhen(true)] string? text, [NotNullWhen(true)] out WebhookVerificationKey? key) =>
        TryParse(text, out key, out _);

    /// <summary>Reads a verification key, or says in <paramref name="error"/> what is wrong with it and what cures that.</summary>
    /// <param name="text">The verification key, prefix included.</param>
    /// <param name="key">The verification key, when the text is one.</param>
    /// <param name="error">One sentence for a configuration error; it never quotes the text, which may be a secret given by mistake.</param>
    public static bool TryParse(
        [NotNullWhen(true)] string? text,
        [NotNullWhen(true)] out WebhookVerificationKey? key,
        [NotNullWhen(false)] out string? error)
    {
        key = null;
        if (text?.StartsWith(Prefix, StringComparison.Ordinal) is not true)
        {
            error = "The verification key does not begin with 'whpk_': copy it whole, prefix included.";
            return false;
        }

        Span<byte> bytes = stackalloc byte[PublicKey.Bytes];
        if (!StrictBase64.TryDecode(text.AsSpan(Prefix.Length), bytes, out var length) || length != PublicKey.Bytes)
        {
            error = "The verification key is not 'whpk_' and the base64 of 32 bytes: copy it whole, with its padding and without white space.";
            return false;
        }

        if (!PublicKey.TryCreate(bytes, out var publicKey))
        {
            error = "The verification key is not a safe Ed25519 public key: ask the sender for its key again.";
            return false;
        }

        key = new WebhookVerificationKey(publicKey);
        error = null;
        return true;
    }

    /// <summary>Whether both are the same key.</summary>
    public bool Equals(WebhookVerificationKey? other) => other is not null && PublicKey.ToBytes().SequenceEqual(other.PublicKey.ToBytes());

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as WebhookVerificationKey);

    /// <inheritdoc/>
    public override int GetHashCode() => BitConverter.ToInt32(PublicKey.ToBytes());

    /// <summary>Returns the whole verification key, prefix included.</summary>
    public override string ToString() => Prefix + Convert.ToBase64String(PublicKey.ToBytes());

    internal static WebhookVerificationKey Create(ReadOnlySpan<byte> bytes) => PublicKey.TryCreate(bytes, out var key)
        ? new WebhookVerificationKey(key)
        : throw new ArgumentException("The bytes are not a safe Ed25519 public key.", nameof(bytes));
}
