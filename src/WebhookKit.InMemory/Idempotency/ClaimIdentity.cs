using WebhookKit.Idempotency;

namespace WebhookKit.InMemory.Idempotency;

/// <summary>What a claim is unique on.</summary>
internal readonly record struct ClaimIdentity(string Source, string? TenantId, string Key)
{
    public static ClaimIdentity Of(WebhookClaim claim) => new(claim.Source, claim.TenantId, claim.Key);
}
