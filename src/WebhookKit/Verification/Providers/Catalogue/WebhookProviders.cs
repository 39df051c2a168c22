using System.Diagnostics.CodeAnalysis;
using WebhookKit.Secrets;
using WebhookKit.Verification;

namespace WebhookKit;

/// <summary>The provider catalogue.</summary>
/// <remarks>
/// Entries marked experimental rest on secondary sources and may change with what the provider turns out to do. In
/// configuration they are named like the others.
/// </remarks>
public static partial class WebhookProviders
{
    private const string Experimental = "WHK001";

    /// <summary>Any sender that follows Standard Webhooks 1.0.0, with secrets (<c>whsec_…</c>) or verification keys (<c>whpk_…</c>).</summary>
    public static WebhookProvider StandardWebhooks { get; } = new()
    {
        Name = "standard-webhooks",
        Title = "Standard Webhooks",
        DataPointer = "/data",
        RetrySpan = TimeSpan.FromDays(4),
        ValidateSecret = VerificationKeys.Validate,
        CreateVerifier = StandardVerifier,
    };

    /// <summary>Every entry of the catalogue, by name.</summary>
    public static IReadOnlyList<WebhookProvider> All => Entries.All;

    /// <summary>Finds an entry by its name, without regard to case.</summary>
    public static bool TryGet(string name, [NotNullWhen(true)] out WebhookProvider? provider) =>
        Entries.ByName.TryGetValue(name, out provider);

    private static StandardWebhooksVerifier StandardVerifier(VerifierContext context) => StandardVerifier(context, "webhook");

    private static StandardWebhooksVerifier StandardVerifier(VerifierContext context, string headerPrefix) => new(
        VerificationKeys.Secrets(context.Secrets),
        VerificationKeys.Keys(context.Secrets),
        context.Tolerance,
        context.TimeProvider,
        headerPrefix);

    private static EitherHeadersVerifier SvixVerifier(VerifierContext context) => new(
        "svix-signature", StandardVerifier(context, "svix"), StandardVerifier(context));

    private static string? WithoutVersion(string? secret) => secret?.StartsWith("v1,", StringComparison.Ordinal) is true ? secret[3..] : secret;

    private static string[] NumberedHeaders(string prefix, int first, int last) =>
        [.. Enumerable.Range(first, last - first + 1).Select(number => $"{prefix}{number}")];
}
