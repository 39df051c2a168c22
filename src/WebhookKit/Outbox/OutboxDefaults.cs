namespace WebhookKit.Outbox;

/// <summary>The figures of the outbox.</summary>
public static class OutboxDefaults
{
    /// <summary>How long an idempotency key is remembered.</summary>
    public static readonly TimeSpan IdempotencyKeyMemory = TimeSpan.FromDays(7);
}
