using WebhookKit.Deliveries;

namespace WebhookKit.Dispatch;

/// <summary>A lease, and when this process asked for it by its monotonic clock: never later than the store's own count.</summary>
internal readonly record struct LeaseClock(LeaseId Id, TimeSpan Duration, long AskedAt)
{
    public TimeSpan Remaining(TimeProvider timeProvider) => Duration - timeProvider.GetElapsedTime(AskedAt);
}
