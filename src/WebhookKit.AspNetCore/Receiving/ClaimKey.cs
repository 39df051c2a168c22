using System.Security.Cryptography;
using WebhookKit.Verification;

namespace WebhookKit.Receiving;

/// <summary>What makes two requests the same event.</summary>
internal static class ClaimKey
{
    // What a store keeps of a key, see WebhookClaim.
    private const int MaxLength = 256;

    /// <summary>The signed id, or the hash of the payload where the scheme signs no id.</summary>
    public static string Of(VerificationResult verified, ReadOnlyMemory<byte> payload) =>
        verified.Id is { Length: <= MaxLength } id ? id : "sha256:" + Convert.ToHexStringLower(SHA256.HashData(payload.Span));
}
