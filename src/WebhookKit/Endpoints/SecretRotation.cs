namespace WebhookKit;

/// <summary>How a secret is rotated.</summary>
public sealed class SecretRotation
{
    /// <summary>The longest <see cref="Overlap"/>: 30 days.</summary>
    public static readonly TimeSpan MaxOverlap = TimeSpan.FromDays(30);

    /// <summary>How long the other secrets still sign; zero drops them at once, as for one that has leaked.</summary>
    /// <value>Default: 24 hours. One that expires sooner keeps its time.</value>
    public TimeSpan Overlap { get; init; } = TimeSpan.FromHours(24);

    /// <summary>The secret or signing key to add.</summary>
    /// <value>Default: <see langword="null"/>, one is generated.</value>
    public string? Secret { get; init; }

    /// <summary>What is generated: <c>whsk_…</c>, of which the receiver gets the verification key, instead of <c>whsec_…</c>.</summary>
    /// <value>Default: <see langword="false"/>.</value>
    public bool UseSigningKey { get; init; }
}
