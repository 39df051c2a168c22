using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace WebhookKit.Verification;

/// <summary>The RSA key of a certificate and when it may be used; or why there is none.</summary>
internal sealed class CertificateKey : INamedKey<CertificateKey>, IDisposable
{
    private readonly Lock _lock = new();
    private readonly RSA? _rsa;
    private readonly DateTimeOffset _notBefore;
    private readonly DateTimeOffset _notAfter;

    private CertificateKey(RSA? rsa, DateTimeOffset notBefore, DateTimeOffset notAfter, int index, VerificationStatus refusal)
    {
        _rsa = rsa;
        _notBefore = notBefore;
        _notAfter = notAfter;
        Index = index;
        Refusal = refusal;
    }

    /// <summary>Its place among the source's keys.</summary>
    public int Index { get; }

    /// <summary>Why there is no key.</summary>
    public VerificationStatus Refusal { get; }

    public static CertificateKey None(VerificationStatus refusal) => new(null, default, default, -1, refusal);

    /// <summary>Returns null when the certificate has no RSA key of at least 2048 bits.</summary>
    public static CertificateKey? Create(X509Certificate2 certificate, int index)
    {
        var rsa = certificate.GetRSAPublicKey();
        if (rsa is null || rsa.KeySize < 2048)
        {
            rsa?.Dispose();
            return null;
        }

        return new CertificateKey(rsa, certificate.NotBefore.ToUniversalTime(), certificate.NotAfter.ToUniversalTime(), index, VerificationStatus.None);
    }

    /// <summary>Verifies PKCS#1 v1.5 over content; bad signatures are false, never an exception.</summary>
    public VerificationStatus Verify(ReadOnlySpan<byte> content, string signature, HashAlgorithmName hash, DateTimeOffset now)
    {
        if (_rsa is null)
        {
            return Refusal;
        }

        Span<byte> bytes = stackalloc byte[1024];
        if (!SignatureText.TryDecode(signature, SignatureEncoding.Base64, bytes, out var written))
        {
            return VerificationStatus.NoUsableSignature;
        }

        lock (_lock)
        {
            try
            {
                if (written != _rsa.KeySize / 8 || !_rsa.VerifyData(content, bytes[..written], hash, RSASignaturePadding.Pkcs1))
                {
                    return VerificationStatus.SignatureMismatch;
                }
            }
            catch (Exception exception) when (exception is CryptographicException or ObjectDisposedException)
            {
                return VerificationStatus.SignatureMismatch;
            }
        }

        return now >= _notBefore && now <= _notAfter ? VerificationStatus.Verified : VerificationStatus.UntrustedKey;
    }

    public void Dispose()
    {
        lock (_lock)
        {
            _rsa?.Dispose();
        }
    }
}
