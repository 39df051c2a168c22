using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;

namespace WebhookKit.Verification;

/// <summary>
/// Certificates fetched from the URLs that requests name; trusted when they come over TLS from the provider's own host, are made
/// out to it, and a chain leads from them to a trusted root.
/// </summary>
internal sealed class FetchedCertificates(VerifierContext context, Func<string, bool> isProviderHost) : ICertificateSource
{
    private readonly NamedKeys<CertificateKey> _keys = new(context.TimeProvider);
    private readonly TrustedChain _chain = new(context);

    public ValueTask<CertificateKey> FindAsync(Uri url, CancellationToken cancellationToken) =>
        _keys.FindAsync(url.AbsoluteUri, () => FetchAsync(url), cancellationToken);

    public void Dispose() => _keys.Dispose();

    private async ValueTask<CertificateKey> FetchAsync(Uri url)
    {
        if (await KeyClient.FetchAsync(context.KeyClient, url).ConfigureAwait(false) is not { } pem)
        {
            return CertificateKey.None(VerificationStatus.KeyUnavailable);
        }

        var certificates = new X509Certificate2Collection();
        try
        {
            certificates.ImportFromPem(Encoding.UTF8.GetString(pem));
            if (certificates.Count == 0 || !isProviderHost(certificates[0].GetNameInfo(X509NameType.DnsName, forIssuer: false)))
            {
                return CertificateKey.None(VerificationStatus.UntrustedKey);
            }

            var status = await _chain.CheckAsync(certificates[0], certificates).ConfigureAwait(false);
            return status == VerificationStatus.Verified
                ? CertificateKey.Create(certificates[0], index: 0) ?? CertificateKey.None(VerificationStatus.UntrustedKey)
                : CertificateKey.None(status);
        }
        catch (CryptographicException)
        {
            return CertificateKey.None(VerificationStatus.UntrustedKey);
        }
        finally
        {
            foreach (var certificate in certificates)
            {
                certificate.Dispose();
            }
        }
    }
}
