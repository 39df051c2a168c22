namespace WebhookKit.Idempotency;

/// <summary>The receiver's record that an event is its own to handle, once.</summary>
/// <param name="Source">The source it came from.</param>
/// <param name="TenantId">The tenant, or <see langword="null"/>.</param>
/// <param name="Key">What makes the event the same one, for example the signed <c>webhook-id</c>; at most 256 characters.</param>
/// <param name="Memory">How long the claim is remembered.</param>
/// <remarks>Unique on source, tenant (or none) and key.</remarks>
public sealed record WebhookClaim(string Source, string? TenantId, string Key, TimeSpan Memory);
