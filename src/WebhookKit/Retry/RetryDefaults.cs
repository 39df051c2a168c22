namespace WebhookKit.Retry;

/// <summary>The figures that apply where a host sets none.</summary>
public static class RetryDefaults
{
    /// <summary>How far a delay may deviate, either way, as a fraction of itself.</summary>
    public const double Jitter = 0.2;

    /// <summary>The longest wait a receiver can ask for with <c>Retry-After</c>.</summary>
    public static readonly TimeSpan RetryAfterCap = TimeSpan.FromHours(24);
}
