using WebhookKit.Verification;

namespace WebhookKit;

// A canonical form of the request.
public static partial class WebhookProviders
{
    /// <summary>Contentful's request verification; 30 s is its own figure.</summary>
    public static WebhookProvider Contentful { get; } = new()
    {
        Name = "contentful",
        Title = "Contentful",
        ValidateSecret = ContentfulVerifier.Rule.ValidateSecret,
        CreateVerifier = context => new ContentfulVerifier(context),
        SignsUrl = true,
        ContentTypes = ["application/vnd.contentful.management.v1+json", "application/json"],
        EventTypeHeader = "X-Contentful-Topic",
        // A payload of one's own may leave out all that changes.
        ClaimKey = ClaimKeyRule.SignedContentAndTimestamp,
        DefaultTolerance = TimeSpan.FromSeconds(30),
    };

    /// <summary>
    /// Any sender of HTTP message signatures (RFC 9421), under one algorithm; secrets are base64, keys in any public form.
    /// A signature has to cover the digest of the body, unless <c>AllowUnsignedBody</c> is <c>true</c>, and what <c>Components</c>
    /// names: <c>@method</c> and <c>@target-uri</c>, where the sender signs them.
    /// </summary>
    public static WebhookProvider MessageSignatures { get; } = new()
    {
        Name = "rfc9421",
        Title = "HTTP message signatures (RFC 9421)",
        ValidateSecret = secret => string.IsNullOrWhiteSpace(secret) ? "The key is empty: give the sender's secret or public key." : null,
        CreateVerifier = context => new MessageSignatureVerifier(context),
        Settings = [MessageSignatureVerifier.Algorithm, MessageSignatureVerifier.Components, MessageSignatureVerifier.AllowUnsignedBody, MessageSignatureVerifier.Status],
        SignsUrl = true,
    };
}
