namespace WebhookKit;

/// <summary>From where on the sender's health check says degraded or unhealthy.</summary>
public sealed class WebhooksHealthOptions
{
    /// <summary>How long the store may fail before that is unhealthy; until then it is degraded.</summary>
    /// <value>Default: 1 minute.</value>
    public TimeSpan UnhealthyOutage { get; set; } = TimeSpan.FromMinutes(1);

    /// <summary>How long the dispatcher may take for one round of its loop before that is unhealthy.</summary>
    /// <value>Default: 1 minute; a round takes milliseconds, and waits at most a poll between two.</value>
    public TimeSpan UnhealthyRoundAge { get; set; } = TimeSpan.FromMinutes(1);

    /// <summary>How old a transaction in the database may be before that is degraded.</summary>
    /// <value>Default: 5 minutes. Only databases that can say are asked: PostgreSQL.</value>
    public TimeSpan DegradedSnapshotAge { get; set; } = TimeSpan.FromMinutes(5);

    /// <summary>How old a transaction in the database may be before that is unhealthy.</summary>
    /// <value>Default: 1 hour.</value>
    public TimeSpan UnhealthySnapshotAge { get; set; } = TimeSpan.FromHours(1);
}
