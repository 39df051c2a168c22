namespace WebhookKit.Verification;

/// <summary>Judges <c>exp</c> and <c>nbf</c> (RFC 7519, 4.1.4 and 4.1.5).</summary>
internal static class TokenLifetime
{
    /// <summary>Whether now is within the token's lifetime, give or take the tolerance; one with an <c>exp</c> or <c>nbf</c> that is no instant has none.</summary>
    public static bool IsCurrent(JsonWebToken token, Freshness freshness, bool requiresExpiry)
    {
        if (!freshness.IsJudged)
        {
            return true;
        }

        var now = DateTimeOffset.FromUnixTimeSeconds(freshness.Now.ToUnixTimeSeconds());
        return token.Claims.TryGetProperty("exp", out _)
            ? token.Instant("exp") is { } expires && now - freshness.Tolerance < expires && HasBegun(token, now, freshness)
            : !requiresExpiry && HasBegun(token, now, freshness);
    }

    private static bool HasBegun(JsonWebToken token, DateTimeOffset now, Freshness freshness) =>
        !token.Claims.TryGetProperty("nbf", out _)
        || (token.Instant("nbf") is { } begins && begins - freshness.Tolerance <= now);
}
