namespace WebhookKit.Verification;

/// <summary>The methods a hub may sign with (W3C WebSub, 7).</summary>
internal static class WebSubRules
{
    public static readonly ProviderSetting Algorithm = new(
        "Algorithm", "Set it to 'sha1' to accept a hub that signs with nothing better.", IsRequired: false);

    private static readonly SignatureRule Sha256 = Method("sha256", SignatureAlgorithm.HmacSha256);
    private static readonly SignatureRule Sha384 = Method("sha384", SignatureAlgorithm.HmacSha384);
    private static readonly SignatureRule Sha512 = Method("sha512", SignatureAlgorithm.HmacSha512);
    private static readonly SignatureRule Sha1 = Method("sha1", SignatureAlgorithm.HmacSha1);

    public static string? ValidateSecret(string? secret) => Sha256.ValidateSecret(secret);

    public static IWebhookVerifier CreateVerifier(VerifierContext context)
    {
        SignatureRule[] rules = string.Equals(context.Settings.GetValueOrDefault(Algorithm.Name), "sha1", StringComparison.OrdinalIgnoreCase)
            ? [Sha256, Sha384, Sha512, Sha1]
            : [Sha256, Sha384, Sha512];
        return new AlternativesVerifier([.. rules.Select(rule => new RuleVerifier(rule, context))]);
    }

    private static SignatureRule Method(string name, SignatureAlgorithm algorithm) => new()
    {
        Header = "X-Hub-Signature",
        Prefix = name + "=",
        Algorithm = algorithm,
    };
}
