using WebhookKit.Handshakes;
using WebhookKit.Verification;

namespace WebhookKit;

// HMAC over the raw body.
public static partial class WebhookProviders
{
    /// <summary>Adyen's platforms, which sign the body in a header; payments have an entry of their own.</summary>
    public static WebhookProvider AdyenPlatform { get; } = new()
    {
        Name = "adyen-header",
        Title = "Adyen platforms",
        Signature = new() { Header = "HmacSignature", Encoding = SignatureEncoding.Base64, KeyForm = KeyForm.Hex },
        ClaimKey = ClaimKeyRule.SignedContent,
        DefaultEventType = "notification",
        AcceptedText = "[accepted]",
        RetrySpan = TimeSpan.FromDays(30),
    };

    /// <summary>Airtable: a ping, after which the host reads the payloads; the secret is the <c>macSecretBase64</c>.</summary>
    public static WebhookProvider Airtable { get; } = new()
    {
        Name = "airtable",
        Title = "Airtable",
        Signature = new() { Header = "X-Airtable-Content-MAC", Prefix = "hmac-sha256=", KeyForm = KeyForm.Base64 },
        ClaimKey = ClaimKeyRule.SignedContent,
        DefaultEventType = "ping",
    };

    /// <summary>Asana; the secret is the <c>X-Hook-Secret</c> of the handshake. An empty list of events is its heartbeat.</summary>
    public static WebhookProvider Asana { get; } = new()
    {
        Name = "asana",
        Title = "Asana",
        Signature = new() { Header = "X-Hook-Signature" },
        EventsPointer = "/events",
        EventTypePointer = "/resource/resource_type",
        EventTypeDetailPointer = "/action",
        ClaimKey = ClaimKeyRule.SignedContent,
        RetrySpan = TimeSpan.FromDays(1),
        Handshakes = ProviderHandshakes.Asana,
    };

    /// <summary>Bitbucket Cloud and Server.</summary>
    public static WebhookProvider Bitbucket { get; } = new()
    {
        Name = "bitbucket",
        Title = "Bitbucket",
        Signature = new() { Header = "X-Hub-Signature", Prefix = "sha256=" },
        EventTypeHeader = "X-Event-Key",
        ClaimKey = ClaimKeyRule.SignedContent,
    };

    /// <summary>CircleCI.</summary>
    public static WebhookProvider CircleCI { get; } = new()
    {
        Name = "circleci",
        Title = "CircleCI",
        Signature = new() { Header = "circleci-signature", Separator = ',', Labels = ["v1"] },
        ClaimKey = ClaimKeyRule.Members("/id"),
    };

    /// <summary>Coinbase Commerce.</summary>
    public static WebhookProvider CoinbaseCommerce { get; } = new()
    {
        Name = "coinbase-commerce",
        Title = "Coinbase Commerce",
        Signature = new() { Header = "X-CC-Webhook-Signature" },
        EventTypePointer = "/event/type",
        DataPointer = "/event/data",
        ClaimKey = ClaimKeyRule.Members("/event/id"),
        RetrySpan = TimeSpan.FromDays(3),
    };

    /// <summary>Dropbox: a ping with account ids.</summary>
    public static WebhookProvider Dropbox { get; } = new()
    {
        Name = "dropbox",
        Title = "Dropbox",
        Signature = new() { Header = "X-Dropbox-Signature" },
        DefaultEventType = "ping",
        ClaimKey = ClaimKeyRule.Request,
        Handshakes = ProviderHandshakes.Dropbox,
    };

    /// <summary>GitHub, by <c>X-Hub-Signature-256</c>. <c>X-GitHub-Delivery</c> is not signed and so is no claim key.</summary>
    public static WebhookProvider GitHub { get; } = new()
    {
        Name = "github",
        Title = "GitHub",
        Signature = new() { Header = "X-Hub-Signature-256", Prefix = "sha256=" },
        ContentTypes = ["application/json", "application/x-www-form-urlencoded"],
        EventTypeHeader = "X-GitHub-Event",
        EventTypeDetailPointer = "/action",
        ClaimKey = ClaimKeyRule.SignedContent,
    };

    /// <summary>GoCardless.</summary>
    public static WebhookProvider GoCardless { get; } = new()
    {
        Name = "gocardless",
        Title = "GoCardless",
        Signature = new() { Header = "Webhook-Signature" },
        EventsPointer = "/events",
        EventTypePointer = "/resource_type",
        EventTypeDetailPointer = "/action",
        ClaimKey = ClaimKeyRule.Members("/id"),
        AcceptedStatus = 204,
        RefusedStatus = 498,
    };

    /// <summary>Jira webhooks that have a secret.</summary>
    public static WebhookProvider Jira { get; } = new()
    {
        Name = "jira",
        Title = "Jira",
        Signature = new() { Header = "X-Hub-Signature", Prefix = "sha256=" },
        EventTypePointer = "/webhookEvent",
        ClaimKey = ClaimKeyRule.SignedContent,
    };

    /// <summary>LINE.</summary>
    public static WebhookProvider Line { get; } = new()
    {
        Name = "line",
        Title = "LINE",
        Signature = new() { Header = "x-line-signature", Encoding = SignatureEncoding.Base64 },
        EventsPointer = "/events",
        ClaimKey = ClaimKeyRule.Members("/webhookEventId"),
        Handshakes = ProviderHandshakes.EmptyEvents,
    };

    /// <summary>Linear; the signed <c>webhookTimestamp</c> of the body must be within 60 s.</summary>
    public static WebhookProvider Linear { get; } = new()
    {
        Name = "linear",
        Title = "Linear",
        Signature = new()
        {
            Header = "Linear-Signature",
            TimestampPointer = "/webhookTimestamp",
            TimestampFormat = TimestampFormat.UnixMilliseconds,
        },
        EventTypeDetailPointer = "/action",
        DataPointer = "/data",
        ClaimKey = ClaimKeyRule.SignedContent,
        DefaultTolerance = TimeSpan.FromSeconds(60),
    };

    /// <summary>Mollie's next-generation webhooks.</summary>
    public static WebhookProvider Mollie { get; } = new()
    {
        Name = "mollie",
        Title = "Mollie",
        Signature = new()
        {
            Header = "X-Mollie-Signature",
            Prefix = "sha256=",
            PrefixIsOptional = true,
            AllowsRepeatedHeader = true,
        },
        ClaimKey = ClaimKeyRule.Members("/id"),
        RetrySpan = TimeSpan.FromHours(26),
    };

    /// <summary>Notion; the secret is the <c>verification_token</c> of the handshake.</summary>
    public static WebhookProvider Notion { get; } = new()
    {
        Name = "notion",
        Title = "Notion",
        Signature = new() { Header = "X-Notion-Signature", Prefix = "sha256=" },
        ClaimKey = ClaimKeyRule.Members("/id"),
        RetrySpan = TimeSpan.FromDays(1),
        Handshakes = ProviderHandshakes.Notion,
    };

    /// <summary>PagerDuty, version 3.</summary>
    public static WebhookProvider PagerDuty { get; } = new()
    {
        Name = "pagerduty",
        Title = "PagerDuty",
        Signature = new() { Header = "X-PagerDuty-Signature", Separator = ',', Labels = ["v1"] },
        EventTypePointer = "/event/event_type",
        DataPointer = "/event/data",
        ClaimKey = ClaimKeyRule.Members("/event/id"),
    };

    /// <summary>Pusher Channels; with the setting, only requests of that app key.</summary>
    public static WebhookProvider Pusher { get; } = new()
    {
        Name = "pusher",
        Title = "Pusher Channels",
        ValidateSecret = PusherRule.Signature.ValidateSecret,
        CreateVerifier = PusherRule.CreateVerifier,
        Settings = [PusherRule.Key],
        EventsPointer = "/events",
        EventTypePointer = "/name",
        ClaimKey = ClaimKeyRule.SignedContent,
    };

    /// <summary>Razorpay.</summary>
    public static WebhookProvider Razorpay { get; } = new()
    {
        Name = "razorpay",
        Title = "Razorpay",
        Signature = new() { Header = "X-Razorpay-Signature" },
        EventTypePointer = "/event",
        DataPointer = "/payload",
        ClaimKey = ClaimKeyRule.SignedContent,
        RetrySpan = TimeSpan.FromDays(1),
    };

    /// <summary>Shopify. <c>X-Shopify-Webhook-Id</c> and the topic are not signed; the id is no claim key.</summary>
    public static WebhookProvider Shopify { get; } = new()
    {
        Name = "shopify",
        Title = "Shopify",
        Signature = new() { Header = "X-Shopify-Hmac-Sha256", Encoding = SignatureEncoding.Base64 },
        EventTypeHeader = "X-Shopify-Topic",
        ClaimKey = ClaimKeyRule.SignedContent,
        RetrySpan = TimeSpan.FromHours(4),
    };

    /// <summary>Shopify's events, which come with <c>shopify-*</c> headers.</summary>
    public static WebhookProvider ShopifyEvents { get; } = new()
    {
        Name = "shopify-events",
        Title = "Shopify events",
        Signature = new() { Header = "shopify-hmac-sha256", Encoding = SignatureEncoding.Base64 },
        EventTypeHeader = "shopify-topic",
        ClaimKey = ClaimKeyRule.SignedContent,
        RetrySpan = TimeSpan.FromHours(4),
    };

    /// <summary>W3C WebSub (and PubSubHubbub before it): the method of the signature is the hub's choice; SHA-1 only if the source allows it.</summary>
    public static WebhookProvider WebSub { get; } = new()
    {
        Name = "websub",
        Title = "WebSub",
        ValidateSecret = WebSubRules.ValidateSecret,
        CreateVerifier = WebSubRules.CreateVerifier,
        ContentTypes = [],
        DefaultEventType = "content",
        ClaimKey = ClaimKeyRule.SignedContent,
        Settings = [WebSubRules.Algorithm, HandshakeSettings.Topics],
        Handshakes = ProviderHandshakes.WebSub,
    };

    /// <summary>Xero: answered 200 without a body, or 401 for its probes.</summary>
    public static WebhookProvider Xero { get; } = new()
    {
        Name = "xero",
        Title = "Xero",
        Signature = new() { Header = "x-xero-signature", Encoding = SignatureEncoding.Base64 },
        EventsPointer = "/events",
        EventTypePointer = "/eventCategory",
        EventTypeDetailPointer = "/eventType",
        ClaimKey = ClaimKeyRule.Members("/resourceId", "/eventDateUtc"),
        RetrySpan = TimeSpan.FromDays(1),
        Handshakes = ProviderHandshakes.EmptyEvents,
    };
}
