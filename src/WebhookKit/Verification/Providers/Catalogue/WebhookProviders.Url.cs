using WebhookKit.Handshakes;
using WebhookKit.Verification;

namespace WebhookKit;

// HMAC bound to the URL.
public static partial class WebhookProviders
{
    /// <summary>Square; the public URL must be the notification URL byte for byte.</summary>
    public static WebhookProvider Square { get; } = new()
    {
        Name = "square",
        Title = "Square",
        Signature = new()
        {
            Header = "x-square-hmacsha256-signature",
            Content = "{url}{body}",
            Encoding = SignatureEncoding.Base64,
        },
        SignsUrl = true,
        DataPointer = "/data",
        ClaimKey = ClaimKeyRule.Members("/event_id"),
        RetrySpan = TimeSpan.FromDays(3),
    };

    /// <summary>Trello; the secret is that of the OAuth application, the public URL the callback URL.</summary>
    public static WebhookProvider Trello { get; } = new()
    {
        Name = "trello",
        Title = "Trello",
        Signature = new()
        {
            Header = "X-Trello-Webhook",
            Content = "{body}{url}",
            Algorithm = SignatureAlgorithm.HmacSha1,
            Encoding = SignatureEncoding.Base64,
        },
        SignsUrl = true,
        EventTypePointer = "/action/type",
        DataPointer = "/action",
        ClaimKey = ClaimKeyRule.Members("/action/id"),
        Handshakes = ProviderHandshakes.Trello,
    };

    /// <summary>
    /// HubSpot, version 3 of its signature; the secret is the app's client secret. Versions 1 and 2 sign no time, and count only for a
    /// source that sets <c>OldestVersion</c> to <c>v2</c> or <c>v1</c>.
    /// </summary>
    public static WebhookProvider HubSpot { get; } = new()
    {
        Name = "hubspot",
        Title = "HubSpot",
        ValidateSecret = HubSpotRules.Version3.ValidateSecret,
        CreateVerifier = HubSpotRules.CreateVerifier,
        Settings = [HubSpotRules.OldestVersion],
        SignsUrl = true,
        EventsPointer = "",
        EventTypePointer = "/subscriptionType",
        ClaimKey = ClaimKeyRule.Members("/subscriptionType", "/eventId", "/occurredAt"),
        RetrySpan = TimeSpan.FromDays(1),
    };
}
