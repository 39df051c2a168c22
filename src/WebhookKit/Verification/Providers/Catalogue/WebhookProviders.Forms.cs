using System.Diagnostics.CodeAnalysis;
using WebhookKit.Handshakes;
using WebhookKit.Verification;

namespace WebhookKit;

// A signature over the fields of a form.
public static partial class WebhookProviders
{
    private static readonly string[] Forms = ["application/x-www-form-urlencoded"];

    /// <summary>Twilio: forms, and JSON whose hash is in the URL; the secret is the auth token, the public URL the one Twilio was given.</summary>
    public static WebhookProvider Twilio { get; } = new()
    {
        Name = "twilio",
        Title = "Twilio",
        ValidateSecret = FormVerifier.Twilio.ValidateSecret,
        CreateVerifier = context => new FormVerifier(FormVerifier.Twilio, context, "bodySHA256", FormContent.OfEach, CalledUrls.Of),
        SignsUrl = true,
        Methods = ["POST", "GET"],
        ContentTypes = [],
        DefaultEventType = "request",
    };

    /// <summary>Braintree; the secret is the private key. The notification itself is XML within <c>bt_payload</c>.</summary>
    public static WebhookProvider Braintree { get; } = new()
    {
        Name = "braintree",
        Title = "Braintree",
        ValidateSecret = BraintreeVerifier.Rule.ValidateSecret,
        CreateVerifier = context => new BraintreeVerifier(context),
        ContentTypes = Forms,
        DefaultEventType = "notification",
        Settings = [BraintreeVerifier.PublicKeyId],
        Handshakes = ProviderHandshakes.Braintree(BraintreeVerifier.PublicKeyId),
    };

    /// <summary>Mandrill (Mailchimp Transactional); the public URL is the one it was given.</summary>
    [Experimental(Experimental)]
    public static WebhookProvider Mandrill { get; } = new()
    {
        Name = "mandrill",
        Title = "Mandrill",
        ValidateSecret = FormVerifier.Mandrill.ValidateSecret,
        CreateVerifier = context => new FormVerifier(FormVerifier.Mandrill, context, bodyHashParameter: null, FormContent.InOrder, url => [url]),
        SignsUrl = true,
        ContentTypes = Forms,
        DefaultEventType = "events",
    };
}
