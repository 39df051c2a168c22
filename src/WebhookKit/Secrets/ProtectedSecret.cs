using System.Buffers.Text;
using System.Diagnostics.CodeAnalysis;

namespace WebhookKit.Secrets;

/// <summary>
/// A secret as it is kept: <c>whenc_</c>, the id of the key that protects it, <c>.</c> and the base64url (RFC 4648, section 5,
/// without padding) of its ciphertext. The key id stands outside, so that what a lost or retired key has protected is found
/// without reading any of it.
/// </summary>
public sealed class ProtectedSecret
{
    private const string Prefix = "whenc_";
    private const int MaxKeyIdLength = 128;
    private const int MaxLength = 4096;

    private readonly string _text;

    private ProtectedSecret(string text, string keyId, ReadOnlyMemory<byte> ciphertext)
    {
        _text = text;
        KeyId = keyId;
        Ciphertext = ciphertext;
    }

    /// <summary>The id of the key that protects it.</summary>
    public string KeyId { get; }

    /// <summary>What only the protector can read.</summary>
    public ReadOnlyMemory<byte> Ciphertext { get; }

    /// <summary>Whether a text claims to be a protected secret: it begins with <c>whenc_</c>.</summary>
    public static bool IsProtected([NotNullWhen(true)] string? text) => text?.StartsWith(Prefix, StringComparison.Ordinal) is true;

    /// <summary>Makes one from its parts.</summary>
    /// <param name="keyId">1 to 128 ASCII letters, digits, <c>-</c>, <c>_</c>, <c>:</c> or <c>/</c>.</param>
    /// <param name="ciphertext">What the protector made.</param>
    /// <exception cref="ArgumentException">The key id is none, or the ciphertext is empty or over 3,000 bytes.</exception>
    public static ProtectedSecret Create(string keyId, ReadOnlyMemory<byte> ciphertext) =>
        TryParse($"{Prefix}{keyId}.{Base64Url.EncodeToString(ciphertext.Span)}", out var secret)
            ? secret
            : throw new ArgumentException("The key id or the ciphertext cannot be kept as a protected secret.", nameof(keyId));

    /// <summary>Reads the form; whether it can be unprotected is for the protector to say.</summary>
    public static bool TryParse([NotNullWhen(true)] string? text, [NotNullWhen(true)] out ProtectedSecret? secret)
    {
        secret = null;
        if (!IsProtected(text) || text.Length > MaxLength)
        {
            return false;
        }

        var dot = text.LastIndexOf('.');
        if (dot < 0)
        {
            return false;
        }

        var keyId = text[Prefix.Length..dot];
        var encoded = text.AsSpan(dot + 1);
        if (keyId.Length is 0 or > MaxKeyIdLength || !keyId.All(IsKeyIdCharacter) || encoded.IsEmpty || !Base64Url.IsValid(encoded))
        {
            return false;
        }

        var ciphertext = Base64Url.DecodeFromChars(encoded);
        if (!encoded.SequenceEqual(Base64Url.EncodeToString(ciphertext)))
        {
            return false;
        }

        secret = new ProtectedSecret(text, keyId, ciphertext);
        return true;
    }

    /// <summary>Returns the text to keep.</summary>
    public override string ToString() => _text;

    private static bool IsKeyIdCharacter(char character) => char.IsAsciiLetterOrDigit(character) || character is '-' or '_' or ':' or '/';
}
