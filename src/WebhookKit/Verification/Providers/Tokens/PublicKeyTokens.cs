using System.Text.Json;

namespace WebhookKit.Verification;

/// <summary>The providers whose tokens are signed with a key pair.</summary>
internal static class PublicKeyTokens
{
    public static readonly ProviderSetting Audience = new("Audience", "Set it to the audience of the push subscription, by default its endpoint URL.");

    public static readonly ProviderSetting ServiceAccountEmail = new("ServiceAccountEmail", "Set it to the service account of the push subscription.");

    /// <summary>Where Google publishes its keys.</summary>
    public static readonly Uri GoogleKeys = new("https://www.googleapis.com/oauth2/v3/certs");

    // How far Google's own libraries let clocks be apart.
    private static readonly TimeSpan GoogleSkew = TimeSpan.FromMinutes(5);

    private static readonly string[] GoogleIssuers = ["https://accounts.google.com", "accounts.google.com"];

    public static PublicKeyTokenVerifier Plaid(VerifierContext context, ITokenKeys keys)
    {
        var freshness = new Freshness(context);
        return new PublicKeyTokenVerifier("Plaid-Verification", scheme: null, "ES256", keys, (JsonWebToken token, in WebhookRequest request, int keyIndex) =>
            !BodyHash.Matches(token.Text("request_body_sha256"), request.Body.Span) ? VerificationResult.Refused(VerificationStatus.BodyMismatch)
            : token.Instant("iat") is not { } signedAt ? VerificationResult.Refused(VerificationStatus.MissingTimestamp)
            : freshness.Judge(id: null, signedAt, keyIndex));
    }

    public static PublicKeyTokenVerifier GooglePubSub(VerifierContext context, ITokenKeys keys)
    {
        var freshness = new Freshness(context);
        var audience = Required(context, Audience);
        var email = Required(context, ServiceAccountEmail);
        return new PublicKeyTokenVerifier("Authorization", "Bearer", "RS256", keys, (JsonWebToken token, in WebhookRequest request, int keyIndex) =>
            !GoogleIssuers.Contains(token.Text("iss"))
            || !token.Has("aud", audience)
            || token.Text("email") != email
            || !token.Claims.TryGetProperty("email_verified", out var isVerified)
            || isVerified.ValueKind != JsonValueKind.True
                ? VerificationResult.Refused(VerificationStatus.ClaimMismatch)
            : TokenLifetime.IsCurrent(token, freshness, requiresExpiry: true) && !IsAhead(token, freshness)
                ? VerificationResult.Verified(id: null, token.Instant("iat"), keyIndex)
                : VerificationResult.OutsideTolerance(id: null, token.Instant("iat") ?? DateTimeOffset.UnixEpoch, keyIndex));
    }

    private static bool IsAhead(JsonWebToken token, Freshness freshness) =>
        freshness.IsJudged && token.Instant("iat") is { } issuedAt && issuedAt > freshness.Now + GoogleSkew + freshness.Tolerance;

    private static string Required(VerifierContext context, ProviderSetting setting) =>
        context.Settings.GetValueOrDefault(setting.Name) is { Length: > 0 } value
            ? value
            : throw new ArgumentException($"The setting '{setting.Name}' is missing. {setting.Description}", nameof(context));
}
