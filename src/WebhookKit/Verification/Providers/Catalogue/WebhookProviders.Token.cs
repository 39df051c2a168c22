using System.Diagnostics.CodeAnalysis;
using WebhookKit.Handshakes;
using WebhookKit.Verification;

namespace WebhookKit;

// A token that is repeated with every request.
public static partial class WebhookProviders
{
    /// <summary>GitLab with a secret token, which signs nothing; prefer <see cref="GitLabSigning"/>.</summary>
    public static WebhookProvider GitLabToken { get; } = new()
    {
        Name = "gitlab-token",
        Title = "GitLab (secret token)",
        Token = new() { Header = "X-Gitlab-Token" },
        EventTypePointer = "/object_kind",
        ClaimKey = ClaimKeyRule.Headers("Idempotency-Key").Otherwise(ClaimKeyRule.SignedContent),
    };

    /// <summary>Postmark, by the user and password in its URL; secrets are <c>user:password</c>.</summary>
    public static WebhookProvider Postmark { get; } = new()
    {
        Name = "postmark",
        Title = "Postmark",
        Token = new() { Header = "Authorization", Scheme = "Basic" },
        EventTypePointer = "/RecordType",
        DefaultEventType = "Inbound",
        // One message is opened and clicked many times.
        ClaimKey = ClaimKeyRule.SignedContent,
    };

    /// <summary>
    /// Azure Event Grid, in its own schema or as CloudEvents, which signs nothing: secrets are what stands in the URL behind
    /// <c>?code=</c>.
    /// </summary>
    public static WebhookProvider AzureEventGrid { get; } = new()
    {
        Name = "azure-event-grid",
        Title = "Azure Event Grid",
        Token = new() { Header = "aeg-sas-key", QueryParameter = "code" },
        SignsUrl = true,
        ContentTypes = ["application/json", "application/cloudevents+json", "application/cloudevents-batch+json"],
        EventsPointer = "",
        EventTypePointer = "/eventType",
        FurtherEventTypePointers = ["/type"],
        DefaultEventType = "event",
        DataPointer = "/data",
        ClaimKey = ClaimKeyRule.Members("/source", "/id").Otherwise(ClaimKeyRule.Members("/topic", "/id")).Otherwise(ClaimKeyRule.Members("/id")),
        RetrySpan = TimeSpan.FromDays(1),
        Settings = [HandshakeSettings.Topics, HandshakeSettings.Origins, HandshakeSettings.RequestsPerMinute],
        Handshakes = ProviderHandshakes.AzureEventGrid,
    };

    /// <summary>
    /// CloudEvents over HTTP (webhook 1.0), binary, structured or in batches, which sign nothing: secrets are bearer tokens, of
    /// the header or of <c>?access_token=</c>.
    /// </summary>
    public static WebhookProvider CloudEvents { get; } = new()
    {
        Name = "cloudevents",
        Title = "CloudEvents HTTP webhook",
        Token = new() { Header = "Authorization", Scheme = "Bearer", QueryParameter = "access_token" },
        SignsUrl = true,
        ContentTypes = [],
        EventsPointer = "",
        EventsContentTypes = ["application/cloudevents-batch+json"],
        EventTypeHeader = "ce-type",
        FurtherEventTypePointers = ["/type"],
        DefaultEventType = "event",
        ClaimKey = ClaimKeyRule.Headers("ce-source", "ce-id").Otherwise(ClaimKeyRule.Members("/source", "/id")),
        Settings = [HandshakeSettings.Origins, HandshakeSettings.RequestsPerMinute],
        Handshakes = ProviderHandshakes.CloudEvents,
    };

    /// <summary>Auth0's log streams, by the value of their <c>Authorization</c> header.</summary>
    [Experimental(Experimental)]
    public static WebhookProvider Auth0 { get; } = new()
    {
        Name = "auth0",
        Title = "Auth0 log streams",
        Token = new() { Header = "Authorization" },
        DefaultEventType = "logs",
        ClaimKey = ClaimKeyRule.SignedContent,
    };

    /// <summary>Chargebee, by basic authentication; secrets are <c>user:password</c>.</summary>
    [Experimental(Experimental)]
    public static WebhookProvider Chargebee { get; } = new()
    {
        Name = "chargebee",
        Title = "Chargebee",
        Token = new() { Header = "Authorization", Scheme = "Basic" },
        EventTypePointer = "/event_type",
        ClaimKey = ClaimKeyRule.Members("/id"),
    };

    /// <summary>Datadog, by basic authentication; secrets are <c>user:password</c>.</summary>
    [Experimental(Experimental)]
    public static WebhookProvider Datadog { get; } = new()
    {
        Name = "datadog",
        Title = "Datadog",
        Token = new() { Header = "Authorization", Scheme = "Basic" },
        DefaultEventType = "event",
        // The payload is what a person made of it: two alerts may well say the same.
        ClaimKey = ClaimKeyRule.Members("/id", "/date").Otherwise(ClaimKeyRule.Request),
    };

    /// <summary>Flutterwave, by its <c>verif-hash</c>.</summary>
    [Experimental(Experimental)]
    public static WebhookProvider Flutterwave { get; } = new()
    {
        Name = "flutterwave",
        Title = "Flutterwave",
        Token = new() { Header = "verif-hash" },
        EventTypePointer = "/event",
        DefaultEventType = "event",
        ClaimKey = ClaimKeyRule.SignedContent,
    };

    /// <summary>Google Calendar's and Drive's push, by the token chosen when watching; requests have no body.</summary>
    [Experimental(Experimental)]
    public static WebhookProvider GoogleCalendar { get; } = new()
    {
        Name = "google-calendar",
        Title = "Google Calendar and Drive",
        Token = new() { Header = "X-Goog-Channel-Token" },
        ContentTypes = [],
        EventTypeHeader = "X-Goog-Resource-State",
        ClaimKey = ClaimKeyRule.Request,
        Handshakes = ProviderHandshakes.GoogleCalendar,
    };

    /// <summary>Okta's event hooks, by the value of their <c>Authorization</c> header.</summary>
    [Experimental(Experimental)]
    public static WebhookProvider Okta { get; } = new()
    {
        Name = "okta",
        Title = "Okta event hooks",
        Token = new() { Header = "Authorization" },
        EventsPointer = "/data/events",
        EventTypePointer = "/eventType",
        ClaimKey = ClaimKeyRule.Members("/uuid"),
        Handshakes = ProviderHandshakes.Okta,
    };

    /// <summary>Telegram's bot API, by the secret token.</summary>
    [Experimental(Experimental)]
    public static WebhookProvider Telegram { get; } = new()
    {
        Name = "telegram",
        Title = "Telegram",
        Token = new() { Header = "X-Telegram-Bot-Api-Secret-Token" },
        DefaultEventType = "update",
        ClaimKey = ClaimKeyRule.Members("/update_id"),
    };
}
