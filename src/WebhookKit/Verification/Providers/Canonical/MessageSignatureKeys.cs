using System.Security.Cryptography;

namespace WebhookKit.Verification;

/// <summary>The keys of a source for message signatures, all of the one algorithm it was given (RFC 9421, 3.3).</summary>
internal sealed class MessageSignatureKeys : IDisposable
{
    private static readonly SignatureRule Hmac = new()
    {
        Header = "Signature",
        Encoding = SignatureEncoding.Base64,
        KeyForm = KeyForm.Base64,
    };

    private readonly DigestKeys? _secrets;
    private readonly IPublicKey[] _keys;

    /// <exception cref="ArgumentException">The algorithm is not known, or there are no keys.</exception>
    /// <exception cref="FormatException">A text is no key of the algorithm.</exception>
    public MessageSignatureKeys(string algorithm, IReadOnlyList<string> texts)
    {
        Algorithm = algorithm;
        if (algorithm == "hmac-sha256")
        {
            _secrets = new DigestKeys(Hmac, texts);
            _keys = [];
            return;
        }

        if (texts.Count is 0 or > SignatureKeys.MaxKeys)
        {
            throw new ArgumentException($"There are {texts.Count} keys: give at least one and at most {SignatureKeys.MaxKeys}.", nameof(texts));
        }

        _keys = [.. texts.Select(text => Read(algorithm, text)
            ?? throw new FormatException($"A key is not one of '{algorithm}': give its PEM, JSON or base64 form whole."))];
    }

    public string Algorithm { get; }

    public int Find(byte[] content, ReadOnlySpan<char> signature)
    {
        if (_secrets is not null)
        {
            return _secrets.Find(new SignedContent([], content, []), signature, out _);
        }

        Span<byte> bytes = stackalloc byte[1024];
        if (!SignatureText.TryDecode(signature, SignatureEncoding.Base64, bytes, out var written))
        {
            return -1;
        }

        for (var index = 0; index < _keys.Length; index++)
        {
            if (_keys[index].Verify(new SignedContent([], content, []), bytes[..written]))
            {
                return index;
            }
        }

        return -1;
    }

    public void Dispose()
    {
        _secrets?.Dispose();
        foreach (var key in _keys)
        {
            key.Dispose();
        }
    }

    private static IPublicKey? Read(string algorithm, string text) => algorithm switch
    {
        "ed25519" => PublicKeyText.TryReadEd25519(text, out var key) ? new Ed25519Key(key) : null,
        "ecdsa-p256-sha256" => Ecdsa(text, ECCurve.NamedCurves.nistP256, HashAlgorithmName.SHA256),
        "ecdsa-p384-sha384" => Ecdsa(text, ECCurve.NamedCurves.nistP384, HashAlgorithmName.SHA384),
        "rsa-pss-sha512" => Rsa(text, HashAlgorithmName.SHA512, RSASignaturePadding.Pss),
        "rsa-v1_5-sha256" => Rsa(text, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1),
        _ => throw new ArgumentException(
            $"'{algorithm}' is no algorithm of message signatures: use hmac-sha256, ed25519, ecdsa-p256-sha256, ecdsa-p384-sha384, "
                + "rsa-pss-sha512 or rsa-v1_5-sha256.",
            nameof(algorithm)),
    };

    private static HashedKey? Ecdsa(string text, ECCurve curve, HashAlgorithmName hash) => PublicKeyText.TryReadEcdsa(text, curve, out var key)
        ? HashedKey.Create(key, hash, DSASignatureFormat.IeeeP1363FixedFieldConcatenation)
        : null;

    private static HashedKey? Rsa(string text, HashAlgorithmName hash, RSASignaturePadding padding) =>
        PublicKeyText.TryReadRsa(text, out var key) ? HashedKey.Create(key, hash, padding) : null;
}
