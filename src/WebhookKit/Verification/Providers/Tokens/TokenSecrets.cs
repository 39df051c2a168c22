using WebhookKit.Signing;

namespace WebhookKit.Verification;

/// <summary>Secrets that sign tokens by HMAC (RFC 7518, 3.2); only the algorithms that the provider uses are tried.</summary>
internal sealed class TokenSecrets : IDisposable
{
    private readonly Dictionary<string, KeyedHash[]> _hashes;

    public TokenSecrets(VerifierContext context, params string[] algorithms)
    {
        if (context.Secrets.Count is 0 or > SignatureKeys.MaxKeys)
        {
            throw new ArgumentException($"There are {context.Secrets.Count} secrets: give at least one and at most {SignatureKeys.MaxKeys}.", nameof(context));
        }

        var keys = context.Secrets.Select(secret => KeyText.Read(secret, KeyForm.Text)).ToArray();
        _hashes = algorithms.ToDictionary(
            algorithm => algorithm,
            algorithm => keys.Select(key => new KeyedHash(key, KindOf(algorithm))).ToArray(),
            StringComparer.Ordinal);
    }

    /// <summary>Returns the index of the secret that signed the token, or less than zero and why.</summary>
    public int Find(JsonWebToken token, out VerificationStatus refusal)
    {
        if (!_hashes.TryGetValue(token.Algorithm, out var hashes))
        {
            refusal = VerificationStatus.UnknownSignatureForm;
            return -1;
        }

        var found = -1;
        Span<byte> digest = stackalloc byte[64];
        digest = digest[..BytesOf(token.Algorithm)];
        for (var index = hashes.Length - 1; index >= 0; index--)
        {
            hashes[index].Compute([], token.Signed, digest);
            found = System.Security.Cryptography.CryptographicOperations.FixedTimeEquals(digest, token.Signature) ? index : found;
        }

        refusal = VerificationStatus.SignatureMismatch;
        return found;
    }

    public void Dispose()
    {
        foreach (var hash in _hashes.Values.SelectMany(hashes => hashes))
        {
            hash.Dispose();
        }
    }

    private static KeyedHashKind KindOf(string algorithm) => algorithm switch
    {
        "HS384" => KeyedHashKind.HmacSha384,
        "HS512" => KeyedHashKind.HmacSha512,
        _ => KeyedHashKind.HmacSha256,
    };

    private static int BytesOf(string algorithm) => algorithm switch
    {
        "HS384" => 48,
        "HS512" => 64,
        _ => 32,
    };
}
