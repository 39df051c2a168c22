namespace WebhookKit.Receiving;

/// <summary>What the events of one request have in common.</summary>
/// <param name="SignedAt">The signed time; null where the provider signs none.</param>
/// <param name="TenantId">Whose they are; null for a source without tenants.</param>
internal readonly record struct ReceivedRequest(DateTimeOffset? SignedAt, string? TenantId);
