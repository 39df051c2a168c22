namespace WebhookKit.Verification;

/// <summary>Pusher names the app's key beside the signature; a source may insist on it.</summary>
internal static class PusherRule
{
    public static readonly SignatureRule Signature = new() { Header = "X-Pusher-Signature" };

    public static readonly ProviderSetting Key = new("PublicKeyId", "Set it to the app key, to refuse requests of other apps.", IsRequired: false);

    public static IWebhookVerifier CreateVerifier(VerifierContext context) => context.Settings.TryGetValue(Key.Name, out var key)
        ? new RuleVerifier(Signature with { RequiredHeaders = new Dictionary<string, string> { ["X-Pusher-Key"] = key } }, context)
        : new RuleVerifier(Signature, context);
}
