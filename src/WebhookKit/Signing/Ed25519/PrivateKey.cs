using System.Buffers;
using System.Diagnostics;
using System.Security.Cryptography;

namespace WebhookKit.Signing.Ed25519;

/// <summary>An Ed25519 key that signs (RFC 8032, 5.1.5 and 5.1.6).</summary>
internal sealed class PrivateKey
{
    public const int SeedBytes = 32;

    private static readonly Multiples Generator = new(EdwardsPoint.Generator);

    [DebuggerBrowsable(DebuggerBrowsableState.Never)]
    private readonly byte[] _scalar;

    [DebuggerBrowsable(DebuggerBrowsableState.Never)]
    private readonly byte[] _prefix;

    [DebuggerBrowsable(DebuggerBrowsableState.Never)]
    private readonly byte[] _seed;

    private readonly byte[] _publicKey = new byte[PublicKey.Bytes];

    public PrivateKey(ReadOnlySpan<byte> seed)
    {
        Span<byte> hash = stackalloc byte[SHA512.HashSizeInBytes];
        SHA512.HashData(seed[..SeedBytes], hash);
        hash[0] &= 0b1111_1000;
        hash[31] &= 0b0111_1111;
        hash[31] |= 0b0100_0000;
        _seed = seed[..SeedBytes].ToArray();
        _scalar = hash[..32].ToArray();
        _prefix = hash[32..].ToArray();
        Generator.MultiplySecret(_scalar).Write(_publicKey);
        CryptographicOperations.ZeroMemory(hash);
    }

    public ReadOnlySpan<byte> Seed => _seed;

    public ReadOnlySpan<byte> PublicKeyBytes => _publicKey;

    /// <summary>Writes the 64 bytes of the signature over <paramref name="prefix"/> followed by <paramref name="payload"/>.</summary>
    public void Sign(ReadOnlySpan<byte> prefix, ReadOnlySpan<byte> payload, Span<byte> signature)
    {
        // Both hashes cover the message behind 32 or 64 bytes of their own, so it is laid out once behind room for either.
        var length = 64 + prefix.Length + payload.Length;
        var buffer = ArrayPool<byte>.Shared.Rent(length);
        Span<byte> hash = stackalloc byte[SHA512.HashSizeInBytes];
        Span<byte> nonce = stackalloc byte[Scalar.Bytes];
        Span<byte> challenge = stackalloc byte[Scalar.Bytes];
        try
        {
            var hashed = buffer.AsSpan(0, length);
            prefix.CopyTo(hashed[64..]);
            payload.CopyTo(hashed[(64 + prefix.Length)..]);

            _prefix.CopyTo(hashed[32..]);
            SHA512.HashData(hashed[32..], hash);
            Scalar.Reduce(hash, nonce);
            Generator.MultiplySecret(nonce).Write(signature);

            signature[..32].CopyTo(hashed);
            _publicKey.CopyTo(hashed[32..]);
            SHA512.HashData(hashed, hash);
            Scalar.Reduce(hash, challenge);
            Scalar.MultiplyAdd(challenge, _scalar, nonce, signature[32..]);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(buffer.AsSpan(0, 64));
            CryptographicOperations.ZeroMemory(hash);
            CryptographicOperations.ZeroMemory(nonce);
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }
}
