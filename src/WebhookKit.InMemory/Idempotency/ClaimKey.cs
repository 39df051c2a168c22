using WebhookKit.Idempotency;

namespace WebhookKit.InMemory.Idempotency;

/// <summary>What a claim is unique on.</summary>
internal readonly record struct ClaimKey(string Source, string? TenantId, string Key)
{
    public static ClaimKey Of(WebhookClaim claim) => new(claim.Source, claim.TenantId, claim.Key);
}
