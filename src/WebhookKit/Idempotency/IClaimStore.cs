namespace WebhookKit.Idempotency;

/// <summary>Reads claims, and forgets those that are old enough.</summary>
public interface IClaimStore
{
    /// <summary>Says whether a claim is remembered.</summary>
    ValueTask<bool> IsClaimedAsync(string source, string? tenantId, string key, CancellationToken cancellationToken);

    /// <summary>Deletes claims whose memory has passed.</summary>
    /// <param name="maxClaims">At most so many in this call.</param>
    /// <param name="cancellationToken">Gives up; what is deleted stays deleted.</param>
    /// <returns>How many were deleted; zero means that none remain.</returns>
    ValueTask<int> DeleteExpiredAsync(int maxClaims, CancellationToken cancellationToken);
}
