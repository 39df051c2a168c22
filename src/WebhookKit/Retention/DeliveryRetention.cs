using WebhookKit.Deliveries;

namespace WebhookKit.Retention;

/// <summary>How long after they were finished deliveries are kept, by their status; <see langword="null"/> keeps them for ever.</summary>
/// <param name="Succeeded">Those that succeeded.</param>
/// <param name="DeadLettered">Dead letters.</param>
/// <param name="Skipped">Those that were skipped.</param>
/// <param name="Canceled">Those that were canceled.</param>
public sealed record DeliveryRetention(TimeSpan? Succeeded, TimeSpan? DeadLettered, TimeSpan? Skipped, TimeSpan? Canceled)
{
    /// <summary>The shortest of them; <see langword="null"/> when all are kept for ever.</summary>
    public TimeSpan? Shortest => new[] { Succeeded, DeadLettered, Skipped, Canceled }.Min();

    /// <summary>How long deliveries of a status are kept; <see langword="null"/> for ever, as those that are pending.</summary>
    public TimeSpan? Of(DeliveryStatus status) => status switch
    {
        DeliveryStatus.Succeeded => Succeeded,
        DeliveryStatus.DeadLettered => DeadLettered,
        DeliveryStatus.Skipped => Skipped,
        DeliveryStatus.Canceled => Canceled,
        _ => null,
    };
}
