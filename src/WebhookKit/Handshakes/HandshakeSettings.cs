using WebhookKit.Verification;

namespace WebhookKit.Handshakes;

/// <summary>What a source can say about the questions it answers, by <see cref="WebhookProvider.Settings"/>.</summary>
/// <remarks>A setting of several values separates them by white space.</remarks>
public static class HandshakeSettings
{
    /// <summary>The token that the provider was registered with and sends along (Meta); without it such questions are refused.</summary>
    public static ProviderSetting VerifyToken { get; } = new(
        "VerifyToken", "The verify token entered where the provider was told the URL.", IsRequired: false);

    /// <summary>
    /// The topics or subscriptions that may be confirmed: ARNs of AWS SNS, which is refused without them, topics of WebSub
    /// beside pending registrations, names of Azure Event Grid's subscriptions, where none are named all.
    /// </summary>
    public static ProviderSetting Topics { get; } = new(
        "Topics", "The topics or subscriptions to confirm, separated by white space.", IsRequired: false);

    /// <summary>The origins that may send, for CloudEvents' abuse protection; none named allows all.</summary>
    public static ProviderSetting Origins { get; } = new(
        "Origins", "The origins (DNS names) that may send, separated by white space.", IsRequired: false);

    /// <summary>The most requests per minute that CloudEvents senders are allowed; not named, what each asks for.</summary>
    public static ProviderSetting RequestsPerMinute { get; } = new(
        "RequestsPerMinute", "The most requests per minute that a sender is allowed.", IsRequired: false);
}
