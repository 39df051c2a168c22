using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace WebhookKit.Verification;

/// <summary>
/// Certificates fetched from the URLs that requests name, each once a day; trusted because they come over TLS from the
/// provider's own host, within their dates, and are made out to it.
/// </summary>
internal sealed class FetchedCertificates(VerifierContext context, Func<string, bool> isProviderHost) : ICertificateSource
{
    private const int MaxCertificates = 32;

    private static readonly TimeSpan FreshFor = TimeSpan.FromDays(1);
    private static readonly TimeSpan FailedFor = TimeSpan.FromMinutes(1);

    private readonly ConcurrentDictionary<string, Fetched> _byUrl = new(StringComparer.Ordinal);
    private readonly FetchBudget _budget = new(context.TimeProvider);
    private readonly SemaphoreSlim _fetching = new(1);

    public async ValueTask<CertificateKey> FindAsync(Uri url, CancellationToken cancellationToken)
    {
        if (Find(url) is { } known)
        {
            return known;
        }

        await _fetching.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            if (Find(url) is { } meanwhile)
            {
                return meanwhile;
            }

            if (!_budget.TrySpend())
            {
                return CertificateKey.None(VerificationStatus.KeyUnavailable);
            }

            var text = await KeyClient.FetchAsync(context.KeyClient, url, cancellationToken: cancellationToken).ConfigureAwait(false);
            var key = text is null ? CertificateKey.None(VerificationStatus.KeyUnavailable)
                : Read(text) ?? CertificateKey.None(VerificationStatus.UntrustedKey);
            if (_byUrl.Count >= MaxCertificates)
            {
                // More URLs than any provider has certificates: whoever makes them up starts over.
                _byUrl.Clear();
            }

            _byUrl[url.AbsoluteUri] = new Fetched(key, context.TimeProvider.GetUtcNow());
            return key;
        }
        finally
        {
            _fetching.Release();
        }
    }

    public void Dispose() => _fetching.Dispose();

    private CertificateKey? Find(Uri url) =>
        _byUrl.TryGetValue(url.AbsoluteUri, out var fetched)
        && context.TimeProvider.GetUtcNow() - fetched.At < (fetched.Key.Refusal == VerificationStatus.None ? FreshFor : FailedFor)
            ? fetched.Key
            : null;

    private CertificateKey? Read(string pem)
    {
        try
        {
            using var certificate = X509Certificate2.CreateFromPem(pem);
            return isProviderHost(certificate.GetNameInfo(X509NameType.DnsName, forIssuer: false)) ? CertificateKey.Create(certificate, index: 0) : null;
        }
        catch (CryptographicException)
        {
            return null;
        }
    }

    private sealed record Fetched(CertificateKey Key, DateTimeOffset At);
}
