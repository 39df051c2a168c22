using System.Diagnostics.CodeAnalysis;
using WebhookKit.Secrets;
using WebhookKit.Verification;

namespace WebhookKit;

// Standard Webhooks under their own names.
public static partial class WebhookProviders
{
    /// <summary>Svix: Standard Webhooks under <c>svix-*</c> headers, or <c>webhook-*</c> where its customer chose them.</summary>
    public static WebhookProvider Svix { get; } = new()
    {
        Name = "svix",
        Title = "Svix",
        ValidateSecret = VerificationKeys.Validate,
        CreateVerifier = SvixVerifier,
        DataPointer = "/data",
        RetrySpan = TimeSpan.FromDays(2),
    };

    /// <summary>OpenAI: Standard Webhooks.</summary>
    public static WebhookProvider OpenAI { get; } = new()
    {
        Name = "openai",
        Title = "OpenAI",
        ValidateSecret = VerificationKeys.Validate,
        CreateVerifier = StandardVerifier,
        DataPointer = "/data",
        RetrySpan = TimeSpan.FromDays(3),
    };

    /// <summary>Anthropic: Standard Webhooks; the event type is that of the data.</summary>
    public static WebhookProvider Anthropic { get; } = new()
    {
        Name = "anthropic",
        Title = "Anthropic",
        ValidateSecret = VerificationKeys.Validate,
        CreateVerifier = StandardVerifier,
        DataPointer = "/data",
        EventTypePointer = "/data/type",
    };

    /// <summary>GitLab with a signing token (<c>whsec_…</c>): Standard Webhooks.</summary>
    public static WebhookProvider GitLabSigning { get; } = new()
    {
        Name = "gitlab-signing",
        Title = "GitLab (signing token)",
        ValidateSecret = VerificationKeys.Validate,
        CreateVerifier = StandardVerifier,
        EventTypePointer = "/object_kind",
    };

    /// <summary>Clerk: signed by Svix.</summary>
    [Experimental(Experimental)]
    public static WebhookProvider Clerk { get; } = new()
    {
        Name = "clerk",
        Title = "Clerk",
        ValidateSecret = VerificationKeys.Validate,
        CreateVerifier = SvixVerifier,
        DataPointer = "/data",
        RetrySpan = TimeSpan.FromDays(2),
    };

    /// <summary>Resend: signed by Svix.</summary>
    [Experimental(Experimental)]
    public static WebhookProvider Resend { get; } = new()
    {
        Name = "resend",
        Title = "Resend",
        ValidateSecret = VerificationKeys.Validate,
        CreateVerifier = SvixVerifier,
        DataPointer = "/data",
        RetrySpan = TimeSpan.FromDays(2),
    };

    /// <summary>Brex: Standard Webhooks.</summary>
    [Experimental(Experimental)]
    public static WebhookProvider Brex { get; } = new()
    {
        Name = "brex",
        Title = "Brex",
        ValidateSecret = VerificationKeys.Validate,
        CreateVerifier = StandardVerifier,
        EventTypePointer = "/event_type",
        DefaultEventType = "event",
    };

    /// <summary>Loops: Standard Webhooks.</summary>
    [Experimental(Experimental)]
    public static WebhookProvider Loops { get; } = new()
    {
        Name = "loops",
        Title = "Loops",
        ValidateSecret = VerificationKeys.Validate,
        CreateVerifier = StandardVerifier,
        EventTypePointer = "/eventName",
        DefaultEventType = "event",
    };

    /// <summary>Render: Standard Webhooks.</summary>
    [Experimental(Experimental)]
    public static WebhookProvider Render { get; } = new()
    {
        Name = "render",
        Title = "Render",
        ValidateSecret = VerificationKeys.Validate,
        CreateVerifier = StandardVerifier,
        DataPointer = "/data",
    };

    /// <summary>Supabase's auth hooks: Standard Webhooks, with secrets shown as <c>v1,whsec_…</c>.</summary>
    [Experimental(Experimental)]
    public static WebhookProvider Supabase { get; } = new()
    {
        Name = "supabase",
        Title = "Supabase auth hooks",
        ValidateSecret = secret => VerificationKeys.Validate(WithoutVersion(secret)),
        CreateVerifier = context => StandardVerifier(context.WithSecrets(context.Secrets.Select(secret => WithoutVersion(secret)!))),
        DefaultEventType = "hook",
    };
}
