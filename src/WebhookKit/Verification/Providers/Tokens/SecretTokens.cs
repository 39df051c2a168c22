namespace WebhookKit.Verification;

/// <summary>The providers whose tokens are signed under a shared secret.</summary>
internal static class SecretTokens
{
    public static readonly ProviderSetting MondayAudience = new(
        "Audience", "Set it to the URL that monday.com was given, where that differs from the source's public URL.", IsRequired: false);

    public static IWebhookVerifier MessageBird(VerifierContext context) => new SecretTokenVerifier(
        "MessageBird-Signature-JWT", ["HS256", "HS384", "HS512"], context, JudgeMessageBird, requiresExpiry: true);

    public static IWebhookVerifier Monday(VerifierContext context) => new SecretTokenVerifier(
        "Authorization", ["HS256"], context, JudgeMonday, requiresExpiry: true);

    public static IWebhookVerifier Netlify(VerifierContext context) => new SecretTokenVerifier(
        "X-Webhook-Signature", ["HS256"], context, JudgeNetlify, requiresExpiry: false);

    private static VerificationStatus? JudgeMessageBird(JsonWebToken token, in WebhookRequest request, VerifierContext context)
    {
        if (token.Text("iss") != "MessageBird" || token.Instant("nbf") is null || token.Text("jti") is not { Length: > 0 })
        {
            return VerificationStatus.ClaimMismatch;
        }

        if (request.Url is not { Length: > 0 } url)
        {
            return VerificationStatus.MissingUrl;
        }

        if (!BodyHash.Matches(token.Text("url_hash"), url))
        {
            return VerificationStatus.ClaimMismatch;
        }

        // An empty body has no hash, and a hash goes with no empty body.
        var isHashed = token.Claims.TryGetProperty("payload_hash", out _);
        return request.Body.IsEmpty ? (isHashed ? VerificationStatus.BodyMismatch : null)
            : BodyHash.Matches(token.Text("payload_hash"), request.Body.Span) ? null
            : VerificationStatus.BodyMismatch;
    }

    private static VerificationStatus? JudgeMonday(JsonWebToken token, in WebhookRequest request, VerifierContext context)
    {
        if (!token.Claims.TryGetProperty("aud", out _))
        {
            return null;
        }

        var audience = context.Settings.GetValueOrDefault(MondayAudience.Name) ?? request.Url;
        return audience is null ? VerificationStatus.MissingUrl
            : token.Has("aud", audience) ? null
            : VerificationStatus.ClaimMismatch;
    }

    private static VerificationStatus? JudgeNetlify(JsonWebToken token, in WebhookRequest request, VerifierContext context) =>
        token.Text("iss") != "netlify" ? VerificationStatus.ClaimMismatch
        : BodyHash.Matches(token.Text("sha256"), request.Body.Span) ? null
        : VerificationStatus.BodyMismatch;
}
