using WebhookKit.Deliveries;

namespace WebhookKit.Dispatch;

/// <summary>A lease, and when this process asked for it by its monotonic clock: never later than the store's own count.</summary>
internal readonly record struct LeaseClock(LeaseId Id, TimeSpan Duration, long AskedAt)
{
    /// <summary>When the store had answered, never earlier than its own count; the same as <see cref="AskedAt"/> where nothing was asked for.</summary>
    public long AnsweredAt { get; init; } = AskedAt;

    public TimeSpan Remaining(TimeProvider timeProvider) => Duration - timeProvider.GetElapsedTime(AskedAt);
}
