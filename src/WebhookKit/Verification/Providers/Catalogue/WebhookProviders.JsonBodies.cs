using WebhookKit.Handshakes;
using WebhookKit.Verification;

namespace WebhookKit;

// A signature within the body.
public static partial class WebhookProviders
{
    /// <summary>
    /// Adyen's payments; the secret is the HMAC key in hexadecimal. Eight fields of each item are signed, and nothing else is
    /// authentic.
    /// </summary>
    public static WebhookProvider Adyen { get; } = new()
    {
        Name = "adyen",
        Title = "Adyen payments",
        ValidateSecret = AdyenVerifier.Rule.ValidateSecret,
        CreateVerifier = context => new AdyenVerifier(context),
        EventsPointer = "/notificationItems",
        EventTypePointer = "/NotificationRequestItem/eventCode",
        DataPointer = "/NotificationRequestItem",
        ClaimKey = ClaimKeyRule.Members(
            "/NotificationRequestItem/pspReference", "/NotificationRequestItem/eventCode", "/NotificationRequestItem/success"),
        AcceptedText = "[accepted]",
        RetrySpan = TimeSpan.FromDays(30),
    };

    /// <summary>Mailgun; timestamp and token are signed, the event's data is not.</summary>
    public static WebhookProvider Mailgun { get; } = new()
    {
        Name = "mailgun",
        Title = "Mailgun",
        ValidateSecret = MailgunVerifier.Rule.ValidateSecret,
        CreateVerifier = context => new MailgunVerifier(context),
        ContentTypes = ["application/json", "application/x-www-form-urlencoded"],
        EventTypePointer = "/event-data/event",
        DefaultEventType = "message",
        DataPointer = "/event-data",
    };

    /// <summary>
    /// Microsoft Graph; secrets are the client states of subscriptions, and private keys for encrypted content. A source needs a client
    /// state: anyone who has the certificate can encrypt and sign content.
    /// </summary>
    public static WebhookProvider MicrosoftGraph { get; } = new()
    {
        Name = "ms-graph",
        Title = "Microsoft Graph",
        ValidateSecret = GraphVerifier.ValidateSecret,
        ValidateSecrets = GraphVerifier.ValidateSecrets,
        CreateVerifier = context => new GraphVerifier(context),
        ContentTypes = ["application/json", "text/plain"],
        EventsPointer = "/value",
        EventTypePointer = "/changeType",
        DefaultEventType = "lifecycle",
        // OneDrive's notifications have no id, and are the same bytes after each change.
        ClaimKey = ClaimKeyRule.Members("/id").Otherwise(ClaimKeyRule.Request),
        AcceptedStatus = 202,
        Handshakes = ProviderHandshakes.MicrosoftGraph,
    };
}
