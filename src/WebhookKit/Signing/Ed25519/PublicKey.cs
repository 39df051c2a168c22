using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;

namespace WebhookKit.Signing.Ed25519;

/// <summary>An Ed25519 key that verifies (RFC 8032, 5.1.7), strictly: of every signature and key only one encoding is accepted.</summary>
internal sealed class PublicKey
{
    public const int Bytes = EdwardsPoint.Bytes;
    public const int SignatureBytes = 64;

    private static readonly Multiples Generator = new(EdwardsPoint.Generator);

    private readonly byte[] _bytes;
    private readonly Multiples _negated;

    private PublicKey(byte[] bytes, in EdwardsPoint point)
    {
        _bytes = bytes;
        _negated = new Multiples(-point);
    }

    /// <summary>Reads a key; one of small order, under which one signature fits many messages, is refused.</summary>
    public static bool TryCreate(ReadOnlySpan<byte> bytes, [NotNullWhen(true)] out PublicKey? key)
    {
        key = EdwardsPoint.TryRead(bytes, out var point) && !point.HasSmallOrder() ? new PublicKey(bytes.ToArray(), point) : null;
        return key is not null;
    }

    public ReadOnlySpan<byte> ToBytes() => _bytes;

    /// <summary>Whether <paramref name="signature"/> is this key's over <paramref name="prefix"/> followed by <paramref name="payload"/>.</summary>
    public bool Verify(ReadOnlySpan<byte> prefix, ReadOnlySpan<byte> payload, ReadOnlySpan<byte> signature)
    {
        if (signature.Length != SignatureBytes || !Scalar.IsCanonical(signature[32..]))
        {
            return false;
        }

        Span<byte> challenge = stackalloc byte[Scalar.Bytes];
        Challenge(signature[..32], prefix, payload, challenge);

        // Comparing the encoding refuses every other encoding of the same point with it.
        var point = Multiples.MultiplyPublic(Generator, signature[32..], _negated, challenge);
        Span<byte> expected = stackalloc byte[EdwardsPoint.Bytes];
        point.Write(expected);
        return expected.SequenceEqual(signature[..32]) && !point.HasSmallOrder();
    }

    private void Challenge(ReadOnlySpan<byte> point, ReadOnlySpan<byte> prefix, ReadOnlySpan<byte> payload, Span<byte> destination)
    {
        var length = 64 + prefix.Length + payload.Length;
        var buffer = ArrayPool<byte>.Shared.Rent(length);
        try
        {
            var hashed = buffer.AsSpan(0, length);
            point.CopyTo(hashed);
            _bytes.CopyTo(hashed[32..]);
            prefix.CopyTo(hashed[64..]);
            payload.CopyTo(hashed[(64 + prefix.Length)..]);

            Span<byte> hash = stackalloc byte[SHA512.HashSizeInBytes];
            SHA512.HashData(hashed, hash);
            Scalar.Reduce(hash, destination);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }
}
