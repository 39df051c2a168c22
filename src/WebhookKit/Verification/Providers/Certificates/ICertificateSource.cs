namespace WebhookKit.Verification;

/// <summary>The certificates that a provider signs with, by the URL that the request names.</summary>
internal interface ICertificateSource : IDisposable
{
    /// <summary>Finds the key behind a URL that the provider's rule has let through.</summary>
    ValueTask<CertificateKey> FindAsync(Uri url, CancellationToken cancellationToken);
}
