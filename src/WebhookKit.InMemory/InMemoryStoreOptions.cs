namespace WebhookKit;

/// <summary>How much the store in memory keeps; it refuses what would be too much rather than forget what is still owed.</summary>
public sealed class InMemoryStoreOptions
{
    /// <summary>The most messages kept in the outbox, and as many received events in the inbox.</summary>
    /// <value>
    /// Default: 100,000. Beyond it those that are finished are forgotten, the first finished first. When none is
    /// finished, publishing throws <see cref="InMemoryStoreFullException"/> and a receiver answers busy.
    /// </value>
    public int MaxMessages { get; set; } = 100_000;

    /// <summary>The most claims remembered, and as many idempotency keys.</summary>
    /// <value>
    /// Default: 1,000,000. Beyond it a receiver answers busy, and publishing with a new idempotency key throws
    /// <see cref="InMemoryStoreFullException"/>, until the memory of older ones has passed.
    /// </value>
    public int MaxClaims { get; set; } = 1_000_000;
}
