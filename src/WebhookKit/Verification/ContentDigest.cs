using System.Security.Cryptography;
using WebhookKit.Secrets;

namespace WebhookKit.Verification;

/// <summary>Checks the <c>Content-Digest</c> of a request (RFC 9530): what it says of the body, which proves nothing of who sent it.</summary>
public static class ContentDigest
{
    private const string Header = "Content-Digest";
    private const int MaxHeaderLength = 4096;

    /// <summary>
    /// Checks every digest of the header by SHA-256 and SHA-512; there must be one at least, all must match, and digests by
    /// other algorithms are passed over.
    /// </summary>
    /// <returns>
    /// <see cref="VerificationStatus.Verified"/>, <see cref="VerificationStatus.MissingSignature"/>,
    /// <see cref="VerificationStatus.NoUsableSignature"/>, <see cref="VerificationStatus.MalformedSignature"/> or
    /// <see cref="VerificationStatus.BodyMismatch"/>.
    /// </returns>
    public static VerificationStatus Verify(in WebhookRequest request)
    {
        var lines = request.Headers[Header];
        if (lines.Count == 0)
        {
            return VerificationStatus.MissingSignature;
        }

        // RFC 8941, 4.2: the lines of a dictionary are joined by commas.
        var text = lines.ToString();
        return text.Length > MaxHeaderLength ? VerificationStatus.MalformedSignature : Verify(text, request.Body.Span);
    }

    private static VerificationStatus Verify(ReadOnlySpan<char> text, ReadOnlySpan<byte> body)
    {
        Span<byte> digest = stackalloc byte[SHA512.HashSizeInBytes];
        Span<byte> expected = stackalloc byte[SHA512.HashSizeInBytes];
        var usable = false;
        foreach (var range in text.Split(','))
        {
            var item = text[range].Trim(" \t");
            var equals = item.IndexOf('=');
            if (equals <= 0)
            {
                return VerificationStatus.MalformedSignature;
            }

            var size = item[..equals] switch
            {
                "sha-256" => SHA256.HashSizeInBytes,
                "sha-512" => SHA512.HashSizeInBytes,
                _ => 0,
            };
            if (size == 0)
            {
                continue;
            }

            var value = item[(equals + 1)..];
            if (value.Length < 2
                || value[0] != ':'
                || value[^1] != ':'
                || !StrictBase64.TryDecode(value[1..^1], digest, out var written)
                || written != size)
            {
                return VerificationStatus.MalformedSignature;
            }

            _ = size == SHA256.HashSizeInBytes ? SHA256.HashData(body, expected) : SHA512.HashData(body, expected);
            if (!CryptographicOperations.FixedTimeEquals(digest[..size], expected[..size]))
            {
                return VerificationStatus.BodyMismatch;
            }

            usable = true;
        }

        return usable ? VerificationStatus.Verified : VerificationStatus.NoUsableSignature;
    }
}
