using System.Security.Cryptography;
using System.Text;
using WebhookKit.Verification;
using static WebhookKit.Handshakes.RequestField;

namespace WebhookKit.Handshakes;

/// <summary>The questions of the catalogue's providers.</summary>
/// <remarks>Unless it says otherwise a question is signed: without its signature it gets no answer.</remarks>
internal static class ProviderHandshakes
{
    public static IReadOnlyList<Handshake> Slack { get; } =
    [
        new EchoTextHandshake { Conditions = [Json("/type").Is("url_verification")], Challenge = Json("/challenge") },
    ];

    public static IReadOnlyList<Handshake> Zoom { get; } =
    [
        new KeyedDigestHandshake
        {
            Conditions = [Json("/event").Is("endpoint.url_validation")],
            Challenge = Json("/payload/plainToken"),
            ChallengeMember = "plainToken",
            DigestMember = "encryptedToken",
        },
    ];

    public static IReadOnlyList<Handshake> Twitch { get; } =
    [
        new EchoTextHandshake
        {
            Conditions = [Header("Twitch-Eventsub-Message-Type").Is("webhook_callback_verification")],
            Challenge = Json("/challenge"),
        },
    ];

    /// <summary>Interactions ask with type 1, webhook events with type 0; an event among these has type 1 too.</summary>
    public static IReadOnlyList<Handshake> Discord { get; } =
    [
        new AcknowledgeHandshake { Conditions = [Json("/type").Is("1"), Json("/event/type").IsAbsent()], Json = """{"type":1}""" },
        new AcknowledgeHandshake { Conditions = [Json("/type").Is("0")], StatusCode = 204 },
    ];

    /// <summary>Confirms topics that the source lists, and lets be that one was left.</summary>
    public static IReadOnlyList<Handshake> AwsSns { get; } =
    [
        new ConfirmByGetHandshake
        {
            Conditions = [Json("/Type").Is("SubscriptionConfirmation")],
            Topic = Json("/TopicArn"),
            IsTopicRequired = true,
            Url = Json("/SubscribeURL"),
            IsProviderHost = SnsHost.IsOne,
        },
        new AcknowledgeHandshake { Conditions = [Json("/Type").Is("UnsubscribeConfirmation")] },
    ];

    /// <summary>The static header that verifies its events comes with the question too.</summary>
    public static IReadOnlyList<Handshake> Okta { get; } =
    [
        new EchoJsonHandshake
        {
            Method = "GET",
            Conditions = [Header("X-Okta-Verification-Challenge").IsPresent()],
            Challenge = Header("X-Okta-Verification-Challenge"),
            ResponseMember = "verification",
        },
    ];

    public static IReadOnlyList<Handshake> GoogleCalendar { get; } =
    [
        new AcknowledgeHandshake { Conditions = [Header("X-Goog-Resource-State").Is("sync")] },
    ];

    /// <summary>Unsigned, and a signature under the consumer secret for whoever asks: the form keeps that from being an event's.</summary>
    public static IReadOnlyList<Handshake> X { get; } =
    [
        new KeyedDigestHandshake
        {
            Stage = HandshakeStage.BeforeVerification,
            Method = "GET",
            Conditions = [Query("crc_token").IsPresent()],
            Challenge = Query("crc_token"),
            DigestMember = "response_token",
            Encode = digest => "sha256=" + Convert.ToBase64String(digest),
        },
    ];

    /// <summary>Unsigned; the form is the one Braintree's own libraries insist on.</summary>
    public static IReadOnlyList<Handshake> Braintree(ProviderSetting publicKeyId) =>
    [
        new KeyedDigestHandshake
        {
            Stage = HandshakeStage.BeforeVerification,
            Method = "GET",
            Conditions = [Query("bt_challenge").IsPresent()],
            Challenge = Query("bt_challenge"),
            Form = ChallengeForm.Hex,
            Algorithm = HashAlgorithmName.SHA1,
            Key = secret => CryptographicOperations.HashData(HashAlgorithmName.SHA1, Encoding.UTF8.GetBytes(secret)),
            Prefix = publicKeyId,
        },
    ];

    /// <summary>Unsigned; the verify token says that it is Meta who asks.</summary>
    public static IReadOnlyList<Handshake> Meta { get; } =
    [
        new EchoTextHandshake
        {
            Stage = HandshakeStage.BeforeVerification,
            Method = "GET",
            Conditions = [Query("hub.mode").Is("subscribe")],
            VerifyToken = Query("hub.verify_token"),
            Challenge = Query("hub.challenge"),
        },
    ];

    /// <summary>Unsigned; only a pending registration or a topic of the source is confirmed (W3C WebSub, 5.3). A denial only informs.</summary>
    public static IReadOnlyList<Handshake> WebSub { get; } =
    [
        HubQuestion("subscribe", removes: false),
        HubQuestion("unsubscribe", removes: true),
        new AcknowledgeHandshake
        {
            Stage = HandshakeStage.BeforeVerification,
            Method = "GET",
            Conditions = [Query("hub.mode").Is("denied")],
        },
    ];

    /// <summary>Unsigned.</summary>
    public static IReadOnlyList<Handshake> Dropbox { get; } =
    [
        new EchoTextHandshake
        {
            Stage = HandshakeStage.BeforeVerification,
            Method = "GET",
            Conditions = [Query("challenge").IsPresent()],
            Challenge = Query("challenge"),
        },
    ];

    /// <summary>Unsigned.</summary>
    public static IReadOnlyList<Handshake> MicrosoftGraph { get; } =
    [
        new EchoTextHandshake
        {
            Stage = HandshakeStage.BeforeVerification,
            Conditions = [Query("validationToken").IsPresent()],
            Challenge = Query("validationToken"),
        },
    ];

    /// <summary>Unsigned.</summary>
    public static IReadOnlyList<Handshake> Monday { get; } =
    [
        new EchoJsonHandshake
        {
            Stage = HandshakeStage.BeforeVerification,
            Conditions = [Json("/challenge").IsPresent(), Json("/event/type").IsAbsent()],
            Challenge = Json("/challenge"),
            ResponseMember = "challenge",
        },
    ];

    /// <summary>Unsigned; brings the secret of all events to come.</summary>
    public static IReadOnlyList<Handshake> Asana { get; } =
    [
        new EchoHeaderHandshake
        {
            Stage = HandshakeStage.BeforeVerification,
            Conditions = [Header("X-Hook-Secret").IsPresent(), Header("X-Hook-Signature").IsAbsent()],
            Header = "X-Hook-Secret",
            Registration = new HandshakeRegistration { Secret = Header("X-Hook-Secret") },
        },
    ];

    /// <summary>Unsigned; brings the secret of all events to come, which a person also has to show to Notion.</summary>
    public static IReadOnlyList<Handshake> Notion { get; } =
    [
        new AcknowledgeHandshake
        {
            Stage = HandshakeStage.BeforeVerification,
            Conditions = [Json("/verification_token").IsPresent(), Json("/type").IsAbsent()],
            Registration = new HandshakeRegistration { Secret = Json("/verification_token") },
        },
    ];

    /// <summary>Xero's intent to receive, which it also asks with a wrong signature, and LINE's connection test.</summary>
    public static IReadOnlyList<Handshake> EmptyEvents { get; } =
    [
        new AcknowledgeHandshake { Conditions = [Json("/events").IsEmptyList()] },
    ];

    /// <summary>Unsigned.</summary>
    public static IReadOnlyList<Handshake> Trello { get; } =
    [
        new AcknowledgeHandshake { Stage = HandshakeStage.BeforeVerification, Method = "HEAD" },
    ];

    /// <summary>Unsigned.</summary>
    public static IReadOnlyList<Handshake> CloudEvents { get; } = [Consent(HandshakeStage.BeforeVerification)];

    /// <summary>Asks in the way of its own schema, or of CloudEvents; the secret of its URL comes with the question too.</summary>
    public static IReadOnlyList<Handshake> AzureEventGrid { get; } =
    [
        new EchoJsonHandshake
        {
            Conditions = [Header("aeg-event-type").Is("SubscriptionValidation")],
            Topic = Header("aeg-subscription-name"),
            Challenge = Json("/0/data/validationCode"),
            ResponseMember = "validationResponse",
        },
        Consent(HandshakeStage.AfterVerification),
    ];

    private static EchoTextHandshake HubQuestion(string mode, bool removes) => new()
    {
        Stage = HandshakeStage.BeforeVerification,
        Method = "GET",
        Conditions = [Query("hub.mode").Is(mode)],
        Challenge = Query("hub.challenge"),
        Registration = new HandshakeRegistration
        {
            Topic = Query("hub.topic"),
            LeaseSeconds = Query("hub.lease_seconds"),
            Removes = removes,
        },
    };

    private static ConsentHandshake Consent(HandshakeStage stage) => new()
    {
        Stage = stage,
        Method = "OPTIONS",
        Conditions = [Header("WebHook-Request-Origin").IsPresent()],
    };
}
