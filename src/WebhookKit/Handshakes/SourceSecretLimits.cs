namespace WebhookKit.Handshakes;

/// <summary>Figures of learned secrets.</summary>
public static class SourceSecretLimits
{
    /// <summary>The most secrets that verify for one source and tenant at a time; each may cost a request one computation.</summary>
    public const int MaxSecrets = 10;

    /// <summary>The most characters of a topic.</summary>
    public const int MaxTopicLength = 512;

    /// <summary>How long a secret that is replaced verifies on, for what is on its way: a day.</summary>
    public static readonly TimeSpan Overlap = TimeSpan.FromDays(1);

    /// <summary>The longest that a handshake may be waited for: 30 days.</summary>
    public static readonly TimeSpan MaxPendingFor = TimeSpan.FromDays(30);
}
