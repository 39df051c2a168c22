using Microsoft.EntityFrameworkCore;
using WebhookKit.EntityFrameworkCore.Dialects;
using WebhookKit.Idempotency;

namespace WebhookKit.EntityFrameworkCore.Idempotency;

/// <summary>Claims in the host's own database.</summary>
internal sealed class EntityFrameworkClaimStore(StoreDatabase database, DatabaseClock clock) : IClaimStore
{
    public async ValueTask<bool> IsClaimedAsync(string source, string? tenantId, string key, CancellationToken cancellationToken)
    {
        var tenant = tenantId ?? "";
        return await database.ReadAsync(async context =>
        {
            var now = await clock.GetUtcNowAsync(context, cancellationToken).ConfigureAwait(false);
            return await context.Set<ClaimEntity>().AnyAsync(
                claim => claim.Source == source && claim.TenantId == tenant && claim.Key == key && claim.ExpiresAt > now,
                cancellationToken).ConfigureAwait(false);
        }).ConfigureAwait(false);
    }

    public async ValueTask<int> DeleteExpiredAsync(int maxClaims, CancellationToken cancellationToken)
    {
        return await database.WriteAsync(async (context, now, token) =>
        {
            var expired = context.Set<ClaimEntity>().Where(claim => claim.ExpiresAt <= now);
            var oldest = await expired.OrderBy(claim => claim.ExpiresAt)
                .Select(claim => new { claim.ExpiresAt, claim.Token })
                .Take(TurnSize.Limit(context, maxClaims))
                .ToListAsync(token).ConfigureAwait(false);
            if (oldest.Count == 0)
            {
                return 0;
            }

            // Bounded by time as well, so that a batch looks at no more than itself however much has expired.
            var (last, tokens) = (oldest[^1].ExpiresAt, oldest.ConvertAll(claim => claim.Token));
            return await expired.Where(claim => claim.ExpiresAt <= last && tokens.Contains(claim.Token))
                .ExecuteDeleteAsync(token).ConfigureAwait(false);
        }, cancellationToken).ConfigureAwait(false);
    }
}
