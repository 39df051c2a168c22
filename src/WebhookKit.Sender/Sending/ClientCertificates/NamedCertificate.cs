using WebhookKit.NetworkSafety;

namespace WebhookKit.Sending;

/// <summary>A client certificate that the host has named.</summary>
internal sealed record NamedCertificate(string Name, Func<ClientCertificate?> Find);
