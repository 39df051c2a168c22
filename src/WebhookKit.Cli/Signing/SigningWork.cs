using WebhookKit.Verification;

namespace WebhookKit.Cli.Signing;

/// <summary>What is to be signed, by whom.</summary>
internal sealed class SigningWork
{
    public required WebhookProvider Provider { get; init; }

    public required IReadOnlyList<string> Secrets { get; init; }

    public required IReadOnlyDictionary<string, string> Settings { get; init; }

    public required WebhookRequest Request { get; init; }

    public required IReadOnlyList<KeyValuePair<string, string>> GivenHeaders { get; init; }

    public required string Id { get; init; }

    public required DateTimeOffset Timestamp { get; init; }
}
