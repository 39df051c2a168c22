using WebhookKit.Handshakes;
using WebhookKit.Verification;

namespace WebhookKit;

// HMAC over a timestamp and the body.
public static partial class WebhookProviders
{
    /// <summary>Box; with two keys, give both as secrets.</summary>
    public static WebhookProvider Box { get; } = new()
    {
        Name = "box",
        Title = "Box",
        Signature = new()
        {
            Header = "BOX-SIGNATURE-PRIMARY",
            FurtherHeaders = ["BOX-SIGNATURE-SECONDARY"],
            RequiredHeaders = new Dictionary<string, string> { ["BOX-SIGNATURE-VERSION"] = "1", ["BOX-SIGNATURE-ALGORITHM"] = "HmacSHA256" },
            TimestampHeader = "BOX-DELIVERY-TIMESTAMP",
            TimestampFormat = TimestampFormat.Rfc3339,
            Content = "{body}{timestamp}",
            Encoding = SignatureEncoding.Base64,
        },
        EventTypePointer = "/trigger",
        ClaimKey = ClaimKeyRule.SignedContent,
        DefaultTolerance = TimeSpan.FromMinutes(10),
    };

    /// <summary>Mux.</summary>
    public static WebhookProvider Mux { get; } = new()
    {
        Name = "mux",
        Title = "Mux",
        Signature = new()
        {
            Header = "Mux-Signature",
            Separator = ',',
            TimestampLabel = "t",
            Labels = ["v1"],
            Content = "{timestamp}.{body}",
        },
        DataPointer = "/data",
        ClaimKey = ClaimKeyRule.Members("/id"),
    };

    /// <summary>Paddle Billing; 5 s is its own figure.</summary>
    public static WebhookProvider Paddle { get; } = new()
    {
        Name = "paddle",
        Title = "Paddle Billing",
        Signature = new()
        {
            Header = "Paddle-Signature",
            Separator = ';',
            TimestampLabel = "ts",
            Labels = ["h1"],
            Content = "{timestamp}:{body}",
        },
        EventTypePointer = "/event_type",
        DataPointer = "/data",
        ClaimKey = ClaimKeyRule.Members("/event_id"),
        DefaultTolerance = TimeSpan.FromSeconds(5),
        RetrySpan = TimeSpan.FromDays(3),
    };

    /// <summary>Sanity.</summary>
    public static WebhookProvider Sanity { get; } = new()
    {
        Name = "sanity",
        Title = "Sanity",
        Signature = new()
        {
            Header = "sanity-webhook-signature",
            Separator = ',',
            TimestampLabel = "t",
            Labels = ["v1"],
            Content = "{timestamp}.{body}",
            TimestampFormat = TimestampFormat.UnixMilliseconds,
            Encoding = SignatureEncoding.Base64Url,
        },
        EventTypePointer = "/_type",
        DefaultEventType = "document",
        // A projection may leave out all that changes.
        ClaimKey = ClaimKeyRule.SignedContentAndTimestamp,
    };

    /// <summary>Slack: events, and the forms of commands and interactions.</summary>
    public static WebhookProvider Slack { get; } = new()
    {
        Name = "slack",
        Title = "Slack",
        Signature = new()
        {
            Header = "X-Slack-Signature",
            TimestampHeader = "X-Slack-Request-Timestamp",
            Content = "v0:{timestamp}:{body}",
            Prefix = "v0=",
        },
        ContentTypes = ["application/json", "application/x-www-form-urlencoded"],
        EventTypePointer = "/event/type",
        DefaultEventType = "interaction",
        DataPointer = "/event",
        ClaimKey = ClaimKeyRule.Members("/event_id"),
        Handshakes = ProviderHandshakes.Slack,
    };

    /// <summary>Stripe; the secret is the whole text, <c>whsec_</c> included, and only <c>v1</c> counts.</summary>
    public static WebhookProvider Stripe { get; } = new()
    {
        Name = "stripe",
        Title = "Stripe",
        Signature = new()
        {
            Header = "Stripe-Signature",
            Separator = ',',
            TimestampLabel = "t",
            Labels = ["v1"],
            Content = "{timestamp}.{body}",
        },
        DataPointer = "/data/object",
        ClaimKey = ClaimKeyRule.Members("/id"),
        RetrySpan = TimeSpan.FromDays(3),
    };

    /// <summary>Twitch EventSub.</summary>
    public static WebhookProvider Twitch { get; } = new()
    {
        Name = "twitch",
        Title = "Twitch EventSub",
        Signature = new()
        {
            Header = "Twitch-Eventsub-Message-Signature",
            Prefix = "sha256=",
            IdHeader = "Twitch-Eventsub-Message-Id",
            TimestampHeader = "Twitch-Eventsub-Message-Timestamp",
            TimestampFormat = TimestampFormat.Rfc3339,
            Content = "{id}{timestamp}{body}",
        },
        EventTypePointer = "/subscription/type",
        DataPointer = "/event",
        DefaultTolerance = TimeSpan.FromMinutes(10),
        AcceptedStatus = 204,
        Handshakes = ProviderHandshakes.Twitch,
    };

    /// <summary>WorkOS.</summary>
    public static WebhookProvider WorkOS { get; } = new()
    {
        Name = "workos",
        Title = "WorkOS",
        Signature = new()
        {
            Header = "WorkOS-Signature",
            Separator = ',',
            TimestampLabel = "t",
            Labels = ["v1"],
            Content = "{timestamp}.{body}",
            TimestampFormat = TimestampFormat.UnixMilliseconds,
        },
        EventTypePointer = "/event",
        DataPointer = "/data",
        ClaimKey = ClaimKeyRule.Members("/id"),
        DefaultTolerance = TimeSpan.FromSeconds(180),
    };

    /// <summary>Zendesk; the secret is used as text although it looks like base64.</summary>
    public static WebhookProvider Zendesk { get; } = new()
    {
        Name = "zendesk",
        Title = "Zendesk",
        Signature = new()
        {
            Header = "X-Zendesk-Webhook-Signature",
            TimestampHeader = "X-Zendesk-Webhook-Signature-Timestamp",
            Content = "{timestamp}{body}",
            TimestampFormat = TimestampFormat.Rfc3339,
            Encoding = SignatureEncoding.Base64,
        },
        DefaultEventType = "event",
        // The body of a trigger is what a person made of it, and its id may be that of a ticket.
        ClaimKey = ClaimKeyRule.Members("/id", "/time").Otherwise(ClaimKeyRule.SignedContentAndTimestamp),
    };

    /// <summary>Zoom; the secret is the secret token.</summary>
    public static WebhookProvider Zoom { get; } = new()
    {
        Name = "zoom",
        Title = "Zoom",
        Signature = new()
        {
            Header = "x-zm-signature",
            TimestampHeader = "x-zm-request-timestamp",
            Content = "v0:{timestamp}:{body}",
            Prefix = "v0=",
        },
        EventTypePointer = "/event",
        DataPointer = "/payload",
        ClaimKey = ClaimKeyRule.SignedContent,
        Handshakes = ProviderHandshakes.Zoom,
    };
}
