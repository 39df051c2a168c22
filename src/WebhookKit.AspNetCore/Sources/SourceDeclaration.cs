using System.Collections.Frozen;
using WebhookKit.Handlers;
using WebhookKit.Verification;

namespace WebhookKit.Sources;

/// <summary>What code says about a source; configuration has the last word on provider and secrets.</summary>
internal sealed record SourceDeclaration(string Name, WebhookProvider? Provider)
{
    public string? SecretsKey { get; init; }

    public IReadOnlyList<string> Secrets { get; init; } = [];

    public IReadOnlyDictionary<string, string> Settings { get; init; } = FrozenDictionary<string, string>.Empty;

    public Uri? PublicUrl { get; init; }

    public IReadOnlyList<HandlerRegistration> Handlers { get; init; } = [];

    public InboxOptions? Inbox { get; init; }

    public TimeSpan? Tolerance { get; init; }

    public int MaxBodyBytes { get; init; } = Receiving.ReceiverDefaults.MaxBodyBytes;

    public TimeSpan HandlerTimeout { get; init; } = Receiving.ReceiverDefaults.HandlerTimeout;
}
