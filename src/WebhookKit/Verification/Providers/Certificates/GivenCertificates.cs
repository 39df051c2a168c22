using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace WebhookKit.Verification;

/// <summary>Certificates that the source was given: they are trusted as they are, within their dates, and nothing is fetched.</summary>
internal sealed class GivenCertificates : ICertificateSource
{
    private readonly CertificateKey _key;

    /// <exception cref="FormatException">The text is no certificate with an RSA key.</exception>
    public GivenCertificates(IReadOnlyList<string> texts)
    {
        // Which one a URL stands for is not known, so that there can be one alone.
        _key = (texts.Count == 1 ? Read(texts[0]) : null) ?? throw new FormatException(Validate(null));
    }

    public static string? Validate(string? text)
    {
        using var key = text is null ? null : Read(text);
        return key is not null ? null
            : "The certificate is not one PEM certificate with an RSA key of at least 2048 bits: give the provider's, or none to have it fetched.";
    }

    public ValueTask<CertificateKey> FindAsync(Uri url, CancellationToken cancellationToken) => new(_key);

    public void Dispose() => _key.Dispose();

    private static CertificateKey? Read(string text)
    {
        try
        {
            using var certificate = X509Certificate2.CreateFromPem(text);
            return CertificateKey.Create(certificate, index: 0);
        }
        catch (CryptographicException)
        {
            return null;
        }
    }
}
