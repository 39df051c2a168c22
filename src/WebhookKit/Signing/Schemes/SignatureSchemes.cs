using System.Diagnostics.CodeAnalysis;
using WebhookKit.Secrets;
using WebhookKit.Signing;

namespace WebhookKit;

/// <summary>The catalogue of signature schemes.</summary>
public static class SignatureSchemes
{
    /// <summary>
    /// Standard Webhooks 1.0.0: <c>v1</c> (HMAC-SHA256) with each secret (<c>whsec_…</c>), <c>v1a</c> (Ed25519) with each
    /// signing key (<c>whsk_…</c>), under header names that begin with <c>webhook</c>. The default.
    /// </summary>
    public static SignatureScheme StandardWebhooks { get; } = new()
    {
        Name = "standard-webhooks",
        ValidateSecret = SigningKeys.Validate,
        CreateSigner = context => new StandardWebhooksSigner(
            SigningKeys.Secrets(context.Secrets), SigningKeys.Keys(context.Secrets), context.HeaderPrefix),
    };

    /// <summary>Standard Webhooks under header names that begin with <c>svix</c>.</summary>
    public static SignatureScheme Svix { get; } = new()
    {
        Name = "svix",
        HeaderPrefix = "svix",
        ValidateSecret = StandardWebhooks.ValidateSecret,
        CreateSigner = StandardWebhooks.CreateSigner,
    };

    /// <summary>
    /// Stripe's form: <c>Stripe-Signature: t=…,v1=…</c>, hexadecimal HMAC-SHA256 over <c>{timestamp}.{payload}</c>, keyed by the
    /// whole text of the secret; each live secret adds a <c>v1</c>. Beside it goes an unsigned <c>webhook-id</c>.
    /// </summary>
    public static SignatureScheme Stripe { get; } = new()
    {
        Name = "stripe",
        HeaderPrefix = "Stripe",
        ValidateSecret = TextSecret.Validate,
        CreateSigner = context => new StripeSigner(context),
    };

    /// <summary>
    /// The form of GitHub and WebSub: <c>X-Hub-Signature-256: sha256=…</c>, hexadecimal HMAC-SHA256 over the payload alone, keyed
    /// by the text of the secret. Beside it goes an unsigned <c>webhook-id</c>. It has no timestamp, so a receiver cannot tell
    /// a replay, and room for one signature, so during a rotation the receiver has to accept both secrets.
    /// </summary>
    public static SignatureScheme Hub { get; } = new()
    {
        Name = "hub",
        HeaderPrefix = "X-Hub",
        MaxSecrets = 1,
        ValidateSecret = TextSecret.Validate,
        CreateSigner = context => new HubSigner(context),
    };

    /// <summary>Every entry of the catalogue.</summary>
    public static IReadOnlyList<SignatureScheme> All { get; } = [StandardWebhooks, Svix, Stripe, Hub];

    /// <summary>Finds an entry by its name, without regard to case.</summary>
    public static bool TryGet(string name, [NotNullWhen(true)] out SignatureScheme? scheme)
    {
        scheme = All.FirstOrDefault(entry => string.Equals(entry.Name, name, StringComparison.OrdinalIgnoreCase));
        return scheme is not null;
    }
}
