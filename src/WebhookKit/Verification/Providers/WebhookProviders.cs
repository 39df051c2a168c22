using System.Diagnostics.CodeAnalysis;
using WebhookKit.Secrets;
using WebhookKit.Verification;

namespace WebhookKit;

/// <summary>The provider catalogue.</summary>
public static class WebhookProviders
{
    /// <summary>Any sender that follows Standard Webhooks 1.0.0, with secrets (<c>whsec_…</c>) or verification keys (<c>whpk_…</c>).</summary>
    public static WebhookProvider StandardWebhooks { get; } = new()
    {
        Name = "standard-webhooks",
        Title = "Standard Webhooks",
        DataPointer = "/data",
        RetrySpan = TimeSpan.FromDays(4),
        ValidateSecret = VerificationKeys.Validate,
        CreateVerifier = context => new StandardWebhooksVerifier(
            VerificationKeys.Secrets(context.Secrets), VerificationKeys.Keys(context.Secrets), context.Tolerance, context.TimeProvider),
    };

    /// <summary>Every entry of the catalogue.</summary>
    public static IReadOnlyList<WebhookProvider> All { get; } = [StandardWebhooks];

    /// <summary>Finds an entry by its name, without regard to case.</summary>
    public static bool TryGet(string name, [NotNullWhen(true)] out WebhookProvider? provider)
    {
        provider = All.FirstOrDefault(entry => string.Equals(entry.Name, name, StringComparison.OrdinalIgnoreCase));
        return provider is not null;
    }
}
