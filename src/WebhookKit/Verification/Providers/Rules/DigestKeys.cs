using System.Security.Cryptography;
using WebhookKit.Signing;

namespace WebhookKit.Verification;

/// <summary>Secrets whose holder can compute the signature: every one is compared with every signature, without an early exit.</summary>
internal sealed class DigestKeys : SignatureKeys
{
    private const int MaxDigestBytes = 64;

    private readonly KeyedHash[] _hashes;
    private readonly SignatureEncoding _encoding;
    private readonly int _bytes;

    public DigestKeys(SignatureRule rule, IReadOnlyList<string> secrets)
    {
        RequireSome(secrets);
        var (kind, bytes) = Algorithm(rule.Algorithm);
        _hashes = [.. secrets.Select(secret => new KeyedHash(KeyText.Read(secret, rule.KeyForm), kind))];
        _encoding = rule.Encoding;
        _bytes = bytes;
    }

    public override int Find(in SignedContent content, ref SignatureCandidates candidates, out bool areUsable)
    {
        Span<byte> digests = stackalloc byte[MaxKeys * MaxDigestBytes];
        for (var index = 0; index < _hashes.Length; index++)
        {
            _hashes[index].Compute(content.Prefix, content.Body, content.Suffix, digests.Slice(index * _bytes, _bytes));
        }

        var found = -1;
        areUsable = false;
        Span<byte> candidate = stackalloc byte[MaxDigestBytes];
        while (candidates.MoveNext(out var text))
        {
            if (!SignatureText.TryDecode(text, _encoding, candidate, out var written) || written != _bytes)
            {
                continue;
            }

            areUsable = true;
            for (var index = _hashes.Length - 1; index >= 0; index--)
            {
                found = Equals(digests.Slice(index * _bytes, _bytes), candidate[.._bytes]) ? index : found;
            }
        }

        return found;
    }

    /// <summary>Returns the index of the key that made this one signature, or less than zero.</summary>
    public int Find(in SignedContent content, ReadOnlySpan<char> signature, out bool isUsable)
    {
        Span<byte> candidate = stackalloc byte[MaxDigestBytes];
        isUsable = SignatureText.TryDecode(signature, _encoding, candidate, out var written) && written == _bytes;
        if (!isUsable)
        {
            return -1;
        }

        Span<byte> digest = stackalloc byte[_bytes];
        var found = -1;
        for (var index = _hashes.Length - 1; index >= 0; index--)
        {
            _hashes[index].Compute(content.Prefix, content.Body, content.Suffix, digest);
            found = Equals(digest, candidate[.._bytes]) ? index : found;
        }

        return found;
    }

    public override void Dispose()
    {
        foreach (var hash in _hashes)
        {
            hash.Dispose();
        }
    }

    private static bool Equals(ReadOnlySpan<byte> left, ReadOnlySpan<byte> right) => left.Length == SHA256.HashSizeInBytes
        ? FixedTime.DigestEquals(left, right)
        : CryptographicOperations.FixedTimeEquals(left, right);

    private static (KeyedHashKind Kind, int Bytes) Algorithm(SignatureAlgorithm algorithm) => algorithm switch
    {
        SignatureAlgorithm.HmacSha1 => (KeyedHashKind.HmacSha1, SHA1.HashSizeInBytes),
        SignatureAlgorithm.HmacSha256 => (KeyedHashKind.HmacSha256, SHA256.HashSizeInBytes),
        SignatureAlgorithm.HmacSha384 => (KeyedHashKind.HmacSha384, SHA384.HashSizeInBytes),
        SignatureAlgorithm.HmacSha512 => (KeyedHashKind.HmacSha512, SHA512.HashSizeInBytes),
        SignatureAlgorithm.Sha256OfKeyAndContent => (KeyedHashKind.Sha256OfKeyAndContent, SHA256.HashSizeInBytes),
        _ => throw new ArgumentException($"'{algorithm}' is not an algorithm of secrets.", nameof(algorithm)),
    };
}
