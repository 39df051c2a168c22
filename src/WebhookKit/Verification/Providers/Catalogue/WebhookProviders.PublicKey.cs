using WebhookKit.Handshakes;
using WebhookKit.Verification;

namespace WebhookKit;

// A public key that the provider shows.
public static partial class WebhookProviders
{
    /// <summary>Discord; the key is the application's public key. A bad signature must be answered 401.</summary>
    public static WebhookProvider Discord { get; } = new()
    {
        Name = "discord",
        Title = "Discord",
        Signature = new()
        {
            Header = "X-Signature-Ed25519",
            TimestampHeader = "X-Signature-Timestamp",
            Content = "{timestamp}{body}",
            Algorithm = SignatureAlgorithm.Ed25519,
        },
        EventTypePointer = "/event/type",
        DefaultEventType = "interaction",
        DataPointer = "/event",
        ClaimKey = ClaimKeyRule.SignedContent,
        AcceptedStatus = 204,
        Handshakes = ProviderHandshakes.Discord,
    };

    /// <summary>SendGrid's event webhook; the key is its verification key.</summary>
    public static WebhookProvider SendGrid { get; } = new()
    {
        Name = "sendgrid",
        Title = "SendGrid",
        Signature = new()
        {
            Header = "X-Twilio-Email-Event-Webhook-Signature",
            TimestampHeader = "X-Twilio-Email-Event-Webhook-Timestamp",
            Content = "{timestamp}{body}",
            Algorithm = SignatureAlgorithm.EcdsaP256Sha256Der,
            Encoding = SignatureEncoding.Base64,
        },
        EventsPointer = "",
        EventTypePointer = "/event",
        ClaimKey = ClaimKeyRule.Members("/sg_event_id"),
        RetrySpan = TimeSpan.FromDays(1),
    };

    /// <summary>Telnyx; the key is its public key.</summary>
    public static WebhookProvider Telnyx { get; } = new()
    {
        Name = "telnyx",
        Title = "Telnyx",
        Signature = new()
        {
            Header = "telnyx-signature-ed25519",
            TimestampHeader = "telnyx-timestamp",
            Content = "{timestamp}|{body}",
            Algorithm = SignatureAlgorithm.Ed25519,
            Encoding = SignatureEncoding.Base64,
        },
        EventTypePointer = "/data/event_type",
        DataPointer = "/data/payload",
        ClaimKey = ClaimKeyRule.Members("/data/id"),
    };

    /// <summary>Wise; the key is its public key of the environment.</summary>
    public static WebhookProvider Wise { get; } = new()
    {
        Name = "wise",
        Title = "Wise",
        Signature = new()
        {
            Header = "X-Signature-SHA256",
            Algorithm = SignatureAlgorithm.RsaPkcs1Sha256,
            Encoding = SignatureEncoding.Base64,
        },
        EventTypePointer = "/event_type",
        DataPointer = "/data",
        ClaimKey = ClaimKeyRule.SignedContent,
        RetrySpan = TimeSpan.FromDays(14),
    };
}
