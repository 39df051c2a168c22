using WebhookKit.NetworkSafety;

namespace WebhookKit;

/// <summary>Finds the client certificates that policies name; a host registers its own for certificates out of a store or a vault.</summary>
public interface IClientCertificateSource
{
    /// <summary>Finds a certificate with its private key.</summary>
    /// <remarks>
    /// Asked at every attempt to an endpoint whose policy names a certificate, so it should answer from memory. Another certificate
    /// than before is shown from that attempt on. One that is replaced must not be disposed while attempts may still be using it.
    /// </remarks>
    /// <param name="request">Which, and for whom.</param>
    /// <param name="cancellationToken">The attempt's deadline.</param>
    /// <returns>Null when there is none of that name, or none for that tenant: then <c>AddClientCertificate</c>'s are looked through.</returns>
    ValueTask<ClientCertificate?> FindAsync(ClientCertificateRequest request, CancellationToken cancellationToken);
}
