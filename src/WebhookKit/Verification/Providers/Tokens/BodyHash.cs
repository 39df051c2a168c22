using System.Security.Cryptography;
using System.Text;

namespace WebhookKit.Verification;

/// <summary>Compares the hexadecimal SHA-256 in a claim with what it is the hash of.</summary>
internal static class BodyHash
{
    public static bool Matches(string? claim, string text) => Matches(claim, Encoding.UTF8.GetBytes(text));

    public static bool Matches(string? claim, ReadOnlySpan<byte> bytes)
    {
        Span<byte> given = stackalloc byte[SHA256.HashSizeInBytes];
        return SignatureText.TryDecode(claim, SignatureEncoding.Hex, given, out var written)
            && written == given.Length
            && CryptographicOperations.FixedTimeEquals(given, SHA256.HashData(bytes));
    }
}
