namespace WebhookKit;

/// <summary>Which client certificate is wanted, and for whom.</summary>
/// <param name="Name">The name that the policy gives.</param>
/// <param name="TenantId">Whose endpoint it is, or null.</param>
/// <param name="EndpointId">The endpoint.</param>
public readonly record struct ClientCertificateRequest(string Name, string? TenantId, EndpointId EndpointId);
