using System.Diagnostics.CodeAnalysis;
using WebhookKit.Handshakes;
using WebhookKit.Verification;

namespace WebhookKit;

// HMAC over the raw body, known from secondary sources.
public static partial class WebhookProviders
{
    private static readonly SignatureRule XSignature =
        new() { Header = "x-twitter-webhooks-signature", Prefix = "sha256=", Encoding = SignatureEncoding.Base64 };

    /// <summary>Authorize.Net; the secret is the signature key, in hexadecimal.</summary>
    [Experimental(Experimental)]
    public static WebhookProvider AuthorizeNet { get; } = new()
    {
        Name = "authorize-net",
        Title = "Authorize.Net",
        Signature = new()
        {
            Header = "X-ANET-Signature",
            Prefix = "sha512=",
            Algorithm = SignatureAlgorithm.HmacSha512,
            Encoding = SignatureEncoding.UpperCaseHex,
            KeyForm = KeyForm.Hex,
        },
        EventTypePointer = "/eventType",
        ClaimKey = ClaimKeyRule.SignedContent,
    };

    /// <summary>Cal.com.</summary>
    [Experimental(Experimental)]
    public static WebhookProvider CalCom { get; } = new()
    {
        Name = "cal-com",
        Title = "Cal.com",
        Signature = new() { Header = "X-Cal-Signature-256" },
        EventTypePointer = "/triggerEvent",
        DefaultEventType = "event",
        ClaimKey = ClaimKeyRule.SignedContent,
    };

    /// <summary>Checkout.com.</summary>
    [Experimental(Experimental)]
    public static WebhookProvider CheckoutCom { get; } = new()
    {
        Name = "checkout-com",
        Title = "Checkout.com",
        Signature = new() { Header = "Cko-Signature" },
        ClaimKey = ClaimKeyRule.SignedContent,
    };

    /// <summary>ClickUp.</summary>
    [Experimental(Experimental)]
    public static WebhookProvider ClickUp { get; } = new()
    {
        Name = "clickup",
        Title = "ClickUp",
        Signature = new() { Header = "X-Signature" },
        EventTypePointer = "/event",
        DefaultEventType = "event",
        // What it sends of spaces, folders and goals says which one, and nothing more.
        ClaimKey = ClaimKeyRule.Request,
    };

    /// <summary>DocuSign Connect: one header per active key.</summary>
    [Experimental(Experimental)]
    public static WebhookProvider DocuSign { get; } = new()
    {
        Name = "docusign",
        Title = "DocuSign Connect",
        Signature = new()
        {
            Header = "X-DocuSign-Signature-1",
            FurtherHeaders = NumberedHeaders("X-DocuSign-Signature-", 2, 100),
            Encoding = SignatureEncoding.Base64,
        },
        ContentTypes = ["application/json", "application/xml", "text/xml"],
        EventTypePointer = "/event",
        DefaultEventType = "envelope",
        ClaimKey = ClaimKeyRule.Members("/data/envelopeId", "/event", "/generatedDateTime"),
    };

    /// <summary>Dub.</summary>
    [Experimental(Experimental)]
    public static WebhookProvider Dub { get; } = new()
    {
        Name = "dub",
        Title = "Dub",
        Signature = new() { Header = "Dub-Signature" },
        EventTypePointer = "/event",
        DefaultEventType = "event",
        DataPointer = "/data",
        ClaimKey = ClaimKeyRule.SignedContent,
    };

    /// <summary>Dwolla.</summary>
    [Experimental(Experimental)]
    public static WebhookProvider Dwolla { get; } = new()
    {
        Name = "dwolla",
        Title = "Dwolla",
        Signature = new() { Header = "X-Request-Signature-SHA-256" },
        EventTypePointer = "/topic",
        DefaultEventType = "event",
        ClaimKey = ClaimKeyRule.SignedContent,
    };

    /// <summary>Heroku.</summary>
    [Experimental(Experimental)]
    public static WebhookProvider Heroku { get; } = new()
    {
        Name = "heroku",
        Title = "Heroku",
        Signature = new() { Header = "Heroku-Webhook-Hmac-SHA256", Encoding = SignatureEncoding.Base64 },
        EventTypePointer = "/resource",
        EventTypeDetailPointer = "/action",
        DefaultEventType = "event",
        ClaimKey = ClaimKeyRule.SignedContent,
    };

    /// <summary>Intercom; the secret is the app's client secret.</summary>
    [Experimental(Experimental)]
    public static WebhookProvider Intercom { get; } = new()
    {
        Name = "intercom",
        Title = "Intercom",
        Signature = new() { Header = "X-Hub-Signature", Prefix = "sha1=", Algorithm = SignatureAlgorithm.HmacSha1 },
        EventTypePointer = "/topic",
        DataPointer = "/data",
        ClaimKey = ClaimKeyRule.Members("/id"),
    };

    /// <summary>Intuit QuickBooks; the secret is the verifier token.</summary>
    [Experimental(Experimental)]
    public static WebhookProvider Intuit { get; } = new()
    {
        Name = "intuit",
        Title = "Intuit QuickBooks",
        Signature = new() { Header = "intuit-signature", Encoding = SignatureEncoding.Base64 },
        EventsPointer = "/eventNotifications",
        DefaultEventType = "dataChangeEvent",
        ClaimKey = ClaimKeyRule.SignedContent,
    };

    /// <summary>LaunchDarkly.</summary>
    [Experimental(Experimental)]
    public static WebhookProvider LaunchDarkly { get; } = new()
    {
        Name = "launchdarkly",
        Title = "LaunchDarkly",
        Signature = new() { Header = "X-LD-Signature" },
        EventTypePointer = "/kind",
        DefaultEventType = "event",
        ClaimKey = ClaimKeyRule.SignedContent,
    };

    /// <summary>Lemon Squeezy.</summary>
    [Experimental(Experimental)]
    public static WebhookProvider LemonSqueezy { get; } = new()
    {
        Name = "lemonsqueezy",
        Title = "Lemon Squeezy",
        Signature = new() { Header = "X-Signature" },
        EventTypePointer = "/meta/event_name",
        DataPointer = "/data",
        ClaimKey = ClaimKeyRule.SignedContent,
    };

    /// <summary>Meta: Facebook, Instagram and WhatsApp, by <c>X-Hub-Signature-256</c>.</summary>
    [Experimental(Experimental)]
    public static WebhookProvider Meta { get; } = new()
    {
        Name = "meta",
        Title = "Meta (Facebook, Instagram, WhatsApp)",
        Signature = new() { Header = "X-Hub-Signature-256", Prefix = "sha256=" },
        EventsPointer = "/entry",
        DefaultEventType = "entry",
        ClaimKey = ClaimKeyRule.SignedContent,
        RetrySpan = TimeSpan.FromDays(7),
        Settings = [HandshakeSettings.VerifyToken],
        Handshakes = ProviderHandshakes.Meta,
    };

    /// <summary>npm hooks.</summary>
    [Experimental(Experimental)]
    public static WebhookProvider Npm { get; } = new()
    {
        Name = "npm",
        Title = "npm",
        Signature = new() { Header = "x-npm-signature", Prefix = "sha256=" },
        EventTypePointer = "/event",
        ClaimKey = ClaimKeyRule.SignedContent,
    };

    /// <summary>Paystack; the secret is the API secret key.</summary>
    [Experimental(Experimental)]
    public static WebhookProvider Paystack { get; } = new()
    {
        Name = "paystack",
        Title = "Paystack",
        Signature = new() { Header = "x-paystack-signature", Algorithm = SignatureAlgorithm.HmacSha512 },
        EventTypePointer = "/event",
        DataPointer = "/data",
        ClaimKey = ClaimKeyRule.SignedContent,
    };

    /// <summary>Segment.</summary>
    [Experimental(Experimental)]
    public static WebhookProvider Segment { get; } = new()
    {
        Name = "segment",
        Title = "Segment",
        Signature = new() { Header = "X-Signature", Algorithm = SignatureAlgorithm.HmacSha1 },
        ClaimKey = ClaimKeyRule.SignedContent,
    };

    /// <summary>Sentry; the secret is the integration's client secret. <c>Sentry-Hook-Timestamp</c> is not signed.</summary>
    [Experimental(Experimental)]
    public static WebhookProvider Sentry { get; } = new()
    {
        Name = "sentry",
        Title = "Sentry",
        Signature = new() { Header = "Sentry-Hook-Signature" },
        EventTypeHeader = "Sentry-Hook-Resource",
        EventTypeDetailPointer = "/action",
        ClaimKey = ClaimKeyRule.SignedContent,
    };

    /// <summary>Typeform.</summary>
    [Experimental(Experimental)]
    public static WebhookProvider Typeform { get; } = new()
    {
        Name = "typeform",
        Title = "Typeform",
        Signature = new() { Header = "Typeform-Signature", Prefix = "sha256=", Encoding = SignatureEncoding.Base64 },
        EventTypePointer = "/event_type",
        DataPointer = "/form_response",
        ClaimKey = ClaimKeyRule.Members("/event_id"),
    };

    /// <summary>Vercel; the secret is the integration's client secret.</summary>
    [Experimental(Experimental)]
    public static WebhookProvider Vercel { get; } = new()
    {
        Name = "vercel",
        Title = "Vercel",
        Signature = new() { Header = "x-vercel-signature", Algorithm = SignatureAlgorithm.HmacSha1 },
        DataPointer = "/payload",
        ClaimKey = ClaimKeyRule.Members("/id"),
        RetrySpan = TimeSpan.FromDays(1),
    };

    /// <summary>WooCommerce.</summary>
    [Experimental(Experimental)]
    public static WebhookProvider WooCommerce { get; } = new()
    {
        Name = "woocommerce",
        Title = "WooCommerce",
        Signature = new() { Header = "X-WC-Webhook-Signature", Encoding = SignatureEncoding.Base64 },
        EventTypeHeader = "X-WC-Webhook-Topic",
        ClaimKey = ClaimKeyRule.SignedContent,
    };

    /// <summary>
    /// X (Twitter); the secret is the app's consumer secret. Events are JSON objects: anyone can have a shorter text signed, by
    /// its question.
    /// </summary>
    [Experimental(Experimental)]
    public static WebhookProvider X { get; } = new()
    {
        Name = "x",
        Title = "X",
        Signature = XSignature,
        CreateVerifier = context => new JsonObjectVerifier(new RuleVerifier(XSignature, context)),
        DefaultEventType = "event",
        ClaimKey = ClaimKeyRule.SignedContent,
        Handshakes = ProviderHandshakes.X,
    };
}
