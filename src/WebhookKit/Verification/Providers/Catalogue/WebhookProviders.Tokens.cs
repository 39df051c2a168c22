using System.Diagnostics.CodeAnalysis;
using WebhookKit.Handshakes;
using WebhookKit.Verification;

namespace WebhookKit;

// A signed token (JWT) beside the body.
public static partial class WebhookProviders
{
    /// <summary>MessageBird; the secret is the signing key.</summary>
    public static WebhookProvider MessageBird { get; } = new()
    {
        Name = "messagebird",
        Title = "MessageBird",
        ValidateSecret = secret => KeyText.Validate(secret, KeyForm.Text),
        CreateVerifier = SecretTokens.MessageBird,
        SignsUrl = true,
        Methods = ["POST", "GET"],
        ContentTypes = [],
        DefaultEventType = "request",
        DefaultTolerance = TimeSpan.FromSeconds(5),
    };

    /// <summary>monday.com; the secret is the signing secret of the app. The token does not cover the body.</summary>
    public static WebhookProvider Monday { get; } = new()
    {
        Name = "monday",
        Title = "monday.com",
        ValidateSecret = secret => KeyText.Validate(secret, KeyForm.Text),
        CreateVerifier = SecretTokens.Monday,
        SignsUrl = true,
        EventTypePointer = "/event/type",
        DefaultEventType = "event",
        DataPointer = "/event",
        ClaimKey = ClaimKeyRule.SignedContent,
        DefaultTolerance = TimeSpan.Zero,
        Settings = [SecretTokens.MondayAudience],
        Handshakes = ProviderHandshakes.Monday,
    };

    /// <summary>Netlify; the secret is the JWS secret token.</summary>
    [Experimental(Experimental)]
    public static WebhookProvider Netlify { get; } = new()
    {
        Name = "netlify",
        Title = "Netlify",
        ValidateSecret = secret => KeyText.Validate(secret, KeyForm.Text),
        CreateVerifier = SecretTokens.Netlify,
        EventTypePointer = "/state",
        DefaultEventType = "event",
        ClaimKey = ClaimKeyRule.SignedContent,
    };

    /// <summary>
    /// Plaid; with the setting <c>ClientId</c> its keys are fetched, and the secret is that of the API, else secrets are its JSON
    /// Web Keys. Its pings have the same bytes each time: what it sends again under a new token is handled again, rather than an
    /// update be lost.
    /// </summary>
    public static WebhookProvider Plaid { get; } = new()
    {
        Name = "plaid",
        Title = "Plaid",
        ValidateSecret = PlaidKeys.Validate,
        CreateVerifier = context => PublicKeyTokens.Plaid(context, PlaidKeys.Create(context)),
        Settings = [PlaidKeys.ClientId, PlaidKeys.Environment],
        EventTypePointer = "/webhook_type",
        EventTypeDetailPointer = "/webhook_code",
        ClaimKey = ClaimKeyRule.SignedContentAndTimestamp,
        RetrySpan = TimeSpan.FromDays(1),
    };

    /// <summary>Google Cloud Pub/Sub's authenticated push; Google's keys are fetched unless the source is given some. The token does not cover the body.</summary>
    public static WebhookProvider GooglePubSub { get; } = new()
    {
        Name = "google-pubsub",
        Title = "Google Cloud Pub/Sub",
        RequiresSecret = false,
        ValidateSecret = secret => GivenTokenKeys.Validate(secret, "RS256"),
        CreateVerifier = context => PublicKeyTokens.GooglePubSub(
            context,
            context.Secrets.Count > 0
                ? GivenTokenKeys.Create(context.Secrets, "RS256")
                : new FetchedTokenKeys(PublicKeyTokens.GoogleKeys, "RS256", context)),
        Settings = [PublicKeyTokens.Audience, PublicKeyTokens.ServiceAccountEmail],
        EventTypePointer = "/message/attributes/eventType",
        DefaultEventType = "message",
        DataPointer = "/message",
        ClaimKey = ClaimKeyRule.Members("/message/messageId"),
        DefaultTolerance = TimeSpan.Zero,
        AcceptedStatus = 204,
        RetrySpan = TimeSpan.FromDays(7),
    };
}
