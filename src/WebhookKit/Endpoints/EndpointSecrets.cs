namespace WebhookKit.Endpoints;

/// <summary>The stored secrets of one endpoint.</summary>
/// <param name="EndpointId">The endpoint.</param>
/// <param name="TenantId">Its tenant, for whom they are protected.</param>
/// <param name="Url">Its URL when they were read: they are for no other host.</param>
/// <param name="Version">The version of secrets that they are.</param>
/// <param name="Secrets">Secrets and values of headers, in the order of purpose and number.</param>
public sealed record EndpointSecrets(EndpointId EndpointId, string? TenantId, string Url, long Version, IReadOnlyList<StoredSecret> Secrets);
