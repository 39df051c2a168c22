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

    /// <summary>The tenant whose requests it verifies; null in what code says.</summary>
    public string? TenantId { get; init; }

    public ILookup<string, string> TenantSecrets { get; init; } = Array.Empty<string>().ToLookup(text => text);

    public IReadOnlyList<string> AllowedAddresses { get; init; } = [];

    public InboxOptions? Inbox { get; init; }

    public TimeSpan? Tolerance { get; init; }

    public int MaxBodyBytes { get; init; } = Receiving.ReceiverDefaults.MaxBodyBytes;

    public TimeSpan HandlerTimeout { get; init; } = Receiving.ReceiverDefaults.HandlerTimeout;
}
