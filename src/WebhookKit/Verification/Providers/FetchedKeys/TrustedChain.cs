using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using WebhookKit.NetworkSafety;

namespace WebhookKit.Verification;

/// <summary>Says whether a chain leads from a provider's certificate to a root that this machine trusts (RFC 5280, 6).</summary>
/// <remarks>
/// AWS SNS publishes its certificate alone. The issuers in between are fetched from where the certificates say
/// (RFC 5280, 4.2.2.1), through our own guarded client and never by the framework. Revocation is not asked for: that would be a
/// call to hosts of no rule for every certificate, to be refused or let through when it fails; a provider takes a certificate
/// that it no longer wants from its own host, where it is looked for every day.
/// </remarks>
internal sealed class TrustedChain(VerifierContext context)
{
    private const int MaxFetched = 2;

    private static readonly NetworkPolicy IssuerPolicy = NetworkPolicy.Default with { AllowInsecureEndpoints = true };

    /// <summary>Returns <see cref="VerificationStatus.Verified"/>, or why the certificate cannot be trusted.</summary>
    /// <param name="certificate">The certificate.</param>
    /// <param name="known">Certificates that may be in between; those that are fetched are added.</param>
    /// <exception cref="CryptographicException">A certificate cannot be read.</exception>
    public async ValueTask<VerificationStatus> CheckAsync(X509Certificate2 certificate, X509Certificate2Collection known)
    {
        for (var fetched = 0; fetched <= MaxFetched; fetched++)
        {
            if (IsTrusted(certificate, known, out var issuer))
            {
                return VerificationStatus.Verified;
            }

            if (issuer is null || fetched == MaxFetched)
            {
                break;
            }

            if (await KeyClient.FetchIssuerAsync(context.KeyClient, issuer).ConfigureAwait(false) is not { } bytes)
            {
                return VerificationStatus.KeyUnavailable;
            }

            known.Add(X509CertificateLoader.LoadCertificate(bytes));
        }

        return VerificationStatus.UntrustedKey;
    }

    /// <summary>Builds a chain; where nothing but an issuer is missing, says where it is.</summary>
    private bool IsTrusted(X509Certificate2 certificate, X509Certificate2Collection known, out Uri? issuer)
    {
        using var chain = new X509Chain();
        chain.ChainPolicy.VerificationTime = context.TimeProvider.GetUtcNow().UtcDateTime;
        chain.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck;
        chain.ChainPolicy.DisableCertificateDownloads = true;
        chain.ChainPolicy.ExtraStore.AddRange(known);
        if (context.TrustedRoots is { } roots)
        {
            chain.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
            chain.ChainPolicy.CustomTrustStore.AddRange(roots);
        }

        try
        {
            var isTrusted = chain.Build(certificate);
            issuer = !isTrusted && chain.ChainStatus.All(element => element.Status == X509ChainStatusFlags.PartialChain)
                ? IssuerOf(chain.ChainElements[^1].Certificate)
                : null;
            return isTrusted;
        }
        finally
        {
            foreach (var element in chain.ChainElements)
            {
                element.Certificate.Dispose();
            }
        }
    }

    private static Uri? IssuerOf(X509Certificate2 certificate) => certificate.Extensions.OfType<X509AuthorityInformationAccessExtension>()
        .SelectMany(access => access.EnumerateCAIssuersUris())
        .Select(text => EndpointUrl.Validate(text, IssuerPolicy).Url)
        .FirstOrDefault(url => url is not null);
}
