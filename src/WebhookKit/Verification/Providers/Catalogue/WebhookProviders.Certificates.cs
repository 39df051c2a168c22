using WebhookKit.Handshakes;
using WebhookKit.Verification;

namespace WebhookKit;

// A certificate that the request names.
public static partial class WebhookProviders
{
    /// <summary>
    /// AWS SNS, whose signature is the same for everyone's topics: a source names its own. Its messages are as old as its retries, so that no age is refused unless the source sets a tolerance;
    /// claims keep out what is replayed.
    /// </summary>
    public static WebhookProvider AwsSns { get; } = new()
    {
        Name = "aws-sns",
        Title = "AWS SNS",
        ValidateSecret = GivenCertificates.Validate,
        CreateVerifier = context => new SnsVerifier(context, new GivenCertificates(context.Secrets)),
        ContentTypes = ["text/plain", "application/json"],
        EventTypePointer = "/Type",
        DefaultTolerance = Timeout.InfiniteTimeSpan,
        RetrySpan = TimeSpan.FromHours(1),
        Settings = [HandshakeSettings.Topics with { IsRequired = true }],
        Handshakes = ProviderHandshakes.AwsSns,
    };

    /// <summary>
    /// PayPal. It signs a checksum instead of the body, and no age of its own; no age is refused unless the source sets a
    /// tolerance.
    /// </summary>
    public static WebhookProvider PayPal { get; } = new()
    {
        Name = "paypal",
        Title = "PayPal",
        ValidateSecret = GivenCertificates.Validate,
        CreateVerifier = context => new PayPalVerifier(context, new GivenCertificates(context.Secrets)),
        Settings = [PayPalVerifier.WebhookId],
        EventTypePointer = "/event_type",
        DataPointer = "/resource",
        ClaimKey = ClaimKeyRule.Members("/id"),
        DefaultTolerance = Timeout.InfiniteTimeSpan,
        RetrySpan = TimeSpan.FromDays(3),
    };
}
