using System.Security.Cryptography;

namespace WebhookKit.Verification;

/// <summary>A key that signs a hash; the framework's keys serve one thread at a time.</summary>
internal sealed class HashedKey : IPublicKey
{
    private readonly Lock _lock = new();
    private readonly AsymmetricAlgorithm _key;
    private readonly HashAlgorithmName _hash;
    private readonly Func<byte[], byte[], bool> _verify;
    private bool _isDisposed;

    private HashedKey(AsymmetricAlgorithm key, HashAlgorithmName hash, Func<byte[], byte[], bool> verify)
    {
        _key = key;
        _hash = hash;
        _verify = verify;
    }

    public static HashedKey Create(ECDsa key, HashAlgorithmName hash, DSASignatureFormat format) =>
        new(key, hash, (digest, signature) => key.VerifyHash(digest, signature, format));

    public static HashedKey Create(RSA key, HashAlgorithmName hash, RSASignaturePadding padding) =>
        new(key, hash, (digest, signature) => signature.Length == key.KeySize / 8 && key.VerifyHash(digest, signature, hash, padding));

    public bool Verify(in SignedContent content, ReadOnlySpan<byte> signature)
    {
        using var hash = IncrementalHash.CreateHash(_hash);
        hash.AppendData(content.Prefix);
        hash.AppendData(content.Body);
        hash.AppendData(content.Suffix);
        var digest = hash.GetHashAndReset();
        lock (_lock)
        {
            try
            {
                return !_isDisposed && _verify(digest, signature.ToArray());
            }
            catch (CryptographicException)
            {
                // Not the form of a signature.
                return false;
            }
        }
    }

    public void Dispose()
    {
        lock (_lock)
        {
            _isDisposed = true;
            _key.Dispose();
        }
    }
}
