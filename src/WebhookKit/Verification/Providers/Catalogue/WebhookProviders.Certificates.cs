using WebhookKit.Handshakes;
using WebhookKit.Verification;

namespace WebhookKit;

// A certificate that the request names.
public static partial class WebhookProviders
{
    /// <summary>
    /// AWS SNS, whose signature is the same for everyone's topics: a source names its own. Certificates are fetched from its
    /// own hosts, and trusted by their chain, unless the source is given one. Its messages are as old as its retries, so that no age is refused unless the
    /// source sets a tolerance;
    /// claims keep out what is replayed.
    /// </summary>
    public static WebhookProvider AwsSns { get; } = new()
    {
        Name = "aws-sns",
        Title = "AWS SNS",
        RequiresSecret = false,
        ValidateSecret = GivenCertificates.Validate,
        CreateVerifier = context => new SnsVerifier(context, CertificatesOf(context, name => name is "sns.amazonaws.com" || SnsHost.IsOne(name))),
        ContentTypes = ["text/plain", "application/json"],
        EventTypePointer = "/Type",
        DefaultTolerance = Timeout.InfiniteTimeSpan,
        RetrySpan = TimeSpan.FromHours(1),
        Settings = [HandshakeSettings.Topics with { IsRequired = true }],
        Handshakes = ProviderHandshakes.AwsSns,
    };

    /// <summary>
    /// PayPal; certificates are fetched from its own hosts, and trusted by their chain, unless the source is given one. It signs
    /// a checksum instead of the body; no age is refused unless the source sets a tolerance.
    /// </summary>
    public static WebhookProvider PayPal { get; } = new()
    {
        Name = "paypal",
        Title = "PayPal",
        RequiresSecret = false,
        ValidateSecret = GivenCertificates.Validate,
        CreateVerifier = context => new PayPalVerifier(context, CertificatesOf(context, PayPalVerifier.IsHost)),
        Settings = [PayPalVerifier.WebhookId],
        EventTypePointer = "/event_type",
        DataPointer = "/resource",
        ClaimKey = ClaimKeyRule.Members("/id"),
        DefaultTolerance = Timeout.InfiniteTimeSpan,
        RetrySpan = TimeSpan.FromDays(3),
    };

    private static ICertificateSource CertificatesOf(VerifierContext context, Func<string, bool> isProviderHost) =>
        context.Secrets.Count > 0 ? new GivenCertificates(context.Secrets) : new FetchedCertificates(context, isProviderHost);
}
