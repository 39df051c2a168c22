using System.Security.Cryptography;

namespace WebhookKit.Verification;

/// <summary>
/// The id of a request whose signed content can be written in several ways: the same content has the same id, however its
/// fields are ordered or escaped.
/// </summary>
internal static class SignedHash
{
    public static string Of(ReadOnlySpan<byte> content) => "sha256:" + Convert.ToHexStringLower(SHA256.HashData(content));
}
