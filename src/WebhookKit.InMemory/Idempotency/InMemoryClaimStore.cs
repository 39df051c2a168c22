using WebhookKit.Idempotency;

namespace WebhookKit.InMemory.Idempotency;

/// <summary>Claims in memory.</summary>
internal sealed class InMemoryClaimStore(ClaimTable claims) : IClaimStore
{
    public ValueTask<bool> IsClaimedAsync(string source, string? tenantId, string key, CancellationToken cancellationToken) =>
        ValueTask.FromResult(claims.IsRemembered(new ClaimIdentity(source, tenantId, key)));

    public ValueTask<int> DeleteExpiredAsync(int maxClaims, CancellationToken cancellationToken) =>
        ValueTask.FromResult(claims.ForgetExpired(maxClaims));
}
