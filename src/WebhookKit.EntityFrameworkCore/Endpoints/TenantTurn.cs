using Microsoft.EntityFrameworkCore;
using WebhookKit.EntityFrameworkCore.Dialects;
using WebhookKit.EntityFrameworkCore.Idempotency;

namespace WebhookKit.EntityFrameworkCore.Endpoints;

/// <summary>Lets one transaction at a time add endpoints to a tenant.</summary>
internal static class TenantTurn
{
    /// <summary>Waits until no other transaction has the turn; the transaction's end gives it back.</summary>
    /// <remarks>
    /// A row of the tenant's own cannot be locked: it may have none yet. Of two transactions that insert one key, the second
    /// waits on every database for the end of the first, and by then the row is gone again.
    /// </remarks>
    public static async Task TakeAsync(DbContext context, string? tenantId, CancellationToken cancellationToken)
    {
        // No source has an empty name.
        var row = new ClaimEntity { Source = "", TenantId = tenantId ?? "", Key = nameof(TenantTurn) };
        await context.InsertRowsAsync([row], cancellationToken).ConfigureAwait(false);
        await context.Set<ClaimEntity>()
            .Where(claim => claim.Source == row.Source && claim.TenantId == row.TenantId && claim.Key == row.Key)
            .ExecuteDeleteAsync(cancellationToken).ConfigureAwait(false);
    }
}
