namespace WebhookKit.Verification;

/// <summary>What a provider makes a verifier from: the settings of one source.</summary>
public sealed class VerifierContext
{
    /// <summary>The secrets as configured, each accepted by <see cref="WebhookProvider.ValidateSecret"/>.</summary>
    public required IReadOnlyList<string> Secrets { get; init; }

    /// <summary>The greatest distance, either way, between the signed timestamp and now.</summary>
    public required TimeSpan Tolerance { get; init; }

    /// <summary>The clock that says now.</summary>
    public required TimeProvider TimeProvider { get; init; }
}
