namespace WebhookKit.Idempotency;

/// <summary>The figures of claims.</summary>
public static class ClaimDefaults
{
    /// <summary>The least time a claim is remembered.</summary>
    public static readonly TimeSpan Memory = TimeSpan.FromDays(7);

    /// <summary>How long a second copy of an event waits for the first one's handler before it is answered busy.</summary>
    public static readonly TimeSpan BusyWait = TimeSpan.FromSeconds(2);
}
