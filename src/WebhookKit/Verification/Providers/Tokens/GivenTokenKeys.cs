using System.Security.Cryptography;

namespace WebhookKit.Verification;

/// <summary>Keys that the source was given; one with an id serves only tokens that name it.</summary>
internal sealed class GivenTokenKeys : ITokenKeys
{
    private readonly (string? Id, IPublicKey Key)[] _keys;

    private GivenTokenKeys((string? Id, IPublicKey Key)[] keys) => _keys = keys;

    /// <exception cref="FormatException">A text is no such key.</exception>
    public static GivenTokenKeys Create(IReadOnlyList<string> texts, string algorithm) =>
        new([.. texts.Select(text => (IdOf(text), Read(text, algorithm) ?? throw new FormatException(Validate(text, algorithm))))]);

    public static string? Validate(string? text, string algorithm)
    {
        using var key = text is null ? null : Read(text, algorithm);
        return key is not null ? null
            : $"The key is no {(algorithm == "ES256" ? "P-256" : "RSA")} public key for signatures that is still good: give it as JSON Web Key or PEM.";
    }

    public static IPublicKey? Read(string text, string algorithm)
    {
        if (JsonWebKey.TryParse(text, out var json) && json.ExpiredAt is not null)
        {
            return null;
        }

        return algorithm == "ES256"
            ? PublicKeyText.TryReadEcdsa(text, ECCurve.NamedCurves.nistP256, out var ecdsa)
                ? HashedKey.Create(ecdsa, HashAlgorithmName.SHA256, DSASignatureFormat.IeeeP1363FixedFieldConcatenation)
                : null
            : PublicKeyText.TryReadRsa(text, out var rsa) ? HashedKey.Create(rsa, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1) : null;
    }

    public ValueTask<TokenKey> FindAsync(string? keyId, CancellationToken cancellationToken)
    {
        var index = Array.FindIndex(_keys, key => key.Id is null || key.Id == keyId);
        return new(index < 0 ? TokenKey.None(VerificationStatus.UntrustedKey) : new TokenKey(_keys[index].Key, index, VerificationStatus.None));
    }

    public void Dispose()
    {
        foreach (var (_, key) in _keys)
        {
            key.Dispose();
        }
    }

    private static string? IdOf(string text) => JsonWebKey.TryParse(text, out var json) ? json.Id : null;
}
