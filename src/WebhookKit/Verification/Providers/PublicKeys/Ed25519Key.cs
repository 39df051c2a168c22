using System.Buffers;
using WebhookKit.Signing.Ed25519;

namespace WebhookKit.Verification;

/// <summary>An Ed25519 key (RFC 8032).</summary>
internal sealed class Ed25519Key(PublicKey key) : IPublicKey
{
    public bool Verify(in SignedContent content, ReadOnlySpan<byte> signature)
    {
        if (signature.Length != PublicKey.SignatureBytes)
        {
            return false;
        }

        if (content.Suffix.IsEmpty)
        {
            return key.Verify(content.Prefix, content.Body, signature);
        }

        var length = content.Body.Length + content.Suffix.Length;
        var joined = ArrayPool<byte>.Shared.Rent(length);
        try
        {
            content.Body.CopyTo(joined);
            content.Suffix.CopyTo(joined.AsSpan(content.Body.Length));
            return key.Verify(content.Prefix, joined.AsSpan(0, length), signature);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(joined);
        }
    }

    public void Dispose()
    {
        // Nothing but bytes.
    }
}
