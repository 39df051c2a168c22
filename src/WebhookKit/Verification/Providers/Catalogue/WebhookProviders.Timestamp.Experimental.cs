using System.Diagnostics.CodeAnalysis;
using WebhookKit.Verification;

namespace WebhookKit;

// HMAC over a timestamp and the body, known from secondary sources.
public static partial class WebhookProviders
{
    /// <summary>Calendly.</summary>
    [Experimental(Experimental)]
    public static WebhookProvider Calendly { get; } = new()
    {
        Name = "calendly",
        Title = "Calendly",
        Signature = new()
        {
            Header = "Calendly-Webhook-Signature",
            Separator = ',',
            TimestampLabel = "t",
            Labels = ["v1"],
            Content = "{timestamp}.{body}",
        },
        EventTypePointer = "/event",
        DataPointer = "/payload",
        ClaimKey = ClaimKeyRule.SignedContent,
        DefaultTolerance = TimeSpan.FromSeconds(180),
        RetrySpan = TimeSpan.FromDays(1),
    };

    /// <summary>Cloudflare Stream.</summary>
    [Experimental(Experimental)]
    public static WebhookProvider CloudflareStream { get; } = new()
    {
        Name = "cloudflare-stream",
        Title = "Cloudflare Stream",
        Signature = new()
        {
            Header = "Webhook-Signature",
            Separator = ',',
            TimestampLabel = "time",
            Labels = ["sig1"],
            Content = "{timestamp}.{body}",
        },
        DefaultEventType = "video",
        ClaimKey = ClaimKeyRule.SignedContent,
    };

    /// <summary>Coinbase Developer Platform, by the <c>v0</c> signature.</summary>
    [Experimental(Experimental)]
    public static WebhookProvider CoinbaseCdp { get; } = new()
    {
        Name = "coinbase-cdp",
        Title = "Coinbase Developer Platform",
        Signature = new()
        {
            Header = "X-Hook0-Signature",
            Separator = ',',
            TimestampLabel = "t",
            Labels = ["v0"],
            Content = "{timestamp}.{body}",
        },
        DefaultEventType = "event",
        ClaimKey = ClaimKeyRule.SignedContent,
    };

    /// <summary>Customer.io.</summary>
    [Experimental(Experimental)]
    public static WebhookProvider CustomerIo { get; } = new()
    {
        Name = "customerio",
        Title = "Customer.io",
        Signature = new()
        {
            Header = "X-CIO-Signature",
            TimestampHeader = "X-CIO-Timestamp",
            Content = "v0:{timestamp}:{body}",
        },
        DefaultEventType = "event",
        ClaimKey = ClaimKeyRule.SignedContent,
    };

    /// <summary>Front.</summary>
    [Experimental(Experimental)]
    public static WebhookProvider Front { get; } = new()
    {
        Name = "front",
        Title = "Front",
        Signature = new()
        {
            Header = "X-Front-Signature",
            TimestampHeader = "X-Front-Request-Timestamp",
            Content = "{timestamp}:{body}",
            TimestampFormat = TimestampFormat.UnixMilliseconds,
            Encoding = SignatureEncoding.Base64,
        },
        DefaultEventType = "event",
        ClaimKey = ClaimKeyRule.SignedContent,
    };

    /// <summary>Klaviyo.</summary>
    [Experimental(Experimental)]
    public static WebhookProvider Klaviyo { get; } = new()
    {
        Name = "klaviyo",
        Title = "Klaviyo",
        Signature = new()
        {
            Header = "Klaviyo-Signature",
            TimestampHeader = "Klaviyo-Timestamp",
            Content = "{body}{timestamp}",
            TimestampFormat = TimestampFormat.HttpDate,
        },
        DefaultEventType = "event",
        ClaimKey = ClaimKeyRule.SignedContent,
    };

    /// <summary>Recurly: a timestamp and then signatures, without labels.</summary>
    [Experimental(Experimental)]
    public static WebhookProvider Recurly { get; } = new()
    {
        Name = "recurly",
        Title = "Recurly",
        Signature = new()
        {
            Header = "recurly-signature",
            Separator = ',',
            TimestampLabel = "",
            TimestampFormat = TimestampFormat.UnixMilliseconds,
            Content = "{timestamp}.{body}",
        },
        DefaultEventType = "event",
        ClaimKey = ClaimKeyRule.SignedContent,
    };

    /// <summary>Sinch.</summary>
    [Experimental(Experimental)]
    public static WebhookProvider Sinch { get; } = new()
    {
        Name = "sinch",
        Title = "Sinch",
        Signature = new()
        {
            Header = "x-sinch-webhook-signature",
            TimestampHeader = "x-sinch-webhook-signature-timestamp",
            Content = "{body}.{header:x-sinch-webhook-signature-nonce}.{timestamp}",
            Encoding = SignatureEncoding.Base64,
        },
        DefaultEventType = "event",
        ClaimKey = ClaimKeyRule.SignedContent,
    };
}
