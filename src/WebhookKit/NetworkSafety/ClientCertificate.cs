using System.Security.Cryptography.X509Certificates;

namespace WebhookKit.NetworkSafety;

/// <summary>The certificate that a client shows in the TLS handshake, and by which it proves who it is (mutual TLS).</summary>
/// <param name="Certificate">With its private key. Whoever gives it keeps it: nothing here disposes or stores it.</param>
/// <param name="Intermediates">The certificates between it and an authority that servers know, which are sent along; none is ever fetched.</param>
public sealed record ClientCertificate(X509Certificate2 Certificate, X509Certificate2Collection? Intermediates = null);
