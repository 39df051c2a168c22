using WebhookKit.Retention;

namespace WebhookKit;

/// <summary>How long what is finished is kept before it is deleted; what is pending is never deleted.</summary>
/// <remarks>
/// Attempts are kept as long as their delivery. Idempotency keys are deleted after their 7 days, claims after their
/// memory. Ages go by the store's own clock. Nothing is deleted at its very instant: a run looks for it every
/// <see cref="Interval"/>.
/// </remarks>
public sealed class RetentionOptions
{
    /// <summary>How long a delivery is kept after it succeeded, and a redelivery after it ended; <see langword="null"/> keeps them for ever.</summary>
    /// <value>Default: 30 days.</value>
    public TimeSpan? Succeeded { get; set; } = RetentionDefaults.Finished;

    /// <summary>How long a dead letter waits for a person; <see langword="null"/> keeps it for ever.</summary>
    /// <value>Default: 90 days.</value>
    public TimeSpan? DeadLettered { get; set; } = RetentionDefaults.KeptForAPerson;

    /// <summary>How long a skipped delivery, which may still be asked for, is kept; <see langword="null"/> keeps it for ever.</summary>
    /// <value>Default: 90 days, as for dead letters.</value>
    public TimeSpan? Skipped { get; set; } = RetentionDefaults.KeptForAPerson;

    /// <summary>How long a canceled delivery is kept; <see langword="null"/> keeps it for ever.</summary>
    /// <value>Default: 30 days.</value>
    public TimeSpan? Canceled { get; set; } = RetentionDefaults.Finished;

    /// <summary>
    /// How long a message is kept after its publishing once nothing needs it: no delivery, no place in the outbox, no
    /// duplicate that names it. <see langword="null"/> keeps it for ever.
    /// </summary>
    /// <value>Default: 30 days, also for messages that no endpoint wanted.</value>
    public TimeSpan? Messages { get; set; } = RetentionDefaults.Finished;

    /// <summary>
    /// How long what is left of a deleted endpoint is kept after that, or of one erased with its tenant;
    /// <see langword="null"/> keeps it for ever.
    /// </summary>
    /// <value>
    /// Default: 90 days. Never less than <see cref="Succeeded"/>, <see cref="DeadLettered"/>, <see cref="Skipped"/> and
    /// <see cref="Canceled"/>, and never as long as one of its deliveries is there. Of declared endpoints nothing is deleted.
    /// </value>
    public TimeSpan? DeletedEndpoints { get; set; } = RetentionDefaults.KeptForAPerson;

    /// <summary>How long a received event is kept in the inbox after it was handled or erased; <see langword="null"/> keeps it for ever.</summary>
    /// <value>Default: 30 days.</value>
    public TimeSpan? HandledEvents { get; set; } = RetentionDefaults.Finished;

    /// <summary>How long a received event that could not be handled waits in the inbox for a person; <see langword="null"/> keeps it for ever.</summary>
    /// <value>Default: 90 days.</value>
    public TimeSpan? DeadLetteredEvents { get; set; } = RetentionDefaults.KeptForAPerson;

    /// <summary>The most rows of a kind that one transaction deletes or erases.</summary>
    /// <value>Default: 500; from 1 to 2,000. On SQLite, where the application waits for the same write lock, never more than 50.</value>
    public int BatchSize { get; set; } = 500;

    /// <summary>
    /// How long at most after a run the next one begins, and half of it at least, so that processes spread; within a
    /// run the store rests nine tenths of the time.
    /// </summary>
    /// <value>Default: 1 hour; at most 1 day. The first run begins within a minute of the start.</value>
    public TimeSpan Interval { get; set; } = TimeSpan.FromHours(1);

    /// <summary>Whether this process leaves deleting to others.</summary>
    /// <value>Default: <see langword="false"/>. Any number of processes may delete at once.</value>
    public bool IsDisabled { get; set; }
}
