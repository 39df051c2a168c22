namespace WebhookKit.Handshakes;

/// <summary>Figures of learned secrets.</summary>
public static class SourceSecretLimits
{
    /// <summary>The most secrets that verify for one source and tenant at a time; each may cost a request one computation.</summary>
    public const int MaxSecrets = 10;

    /// <summary>How long a secret that is replaced verifies on, for what is on its way.</summary>
    public static readonly TimeSpan Overlap = TimeSpan.FromDays(1);
}
