namespace WebhookKit.Deliveries;

/// <summary>Where a delivery stands.</summary>
public enum DeliveryStatus
{
    /// <summary>To be sent when due; leased while an attempt runs.</summary>
    Pending = 0,

    /// <summary>The endpoint answered 2xx.</summary>
    Succeeded = 1,

    /// <summary>Kept for a person: no attempts remain.</summary>
    DeadLettered = 2,

    /// <summary>Not sent, and can be sent later when asked.</summary>
    Skipped = 3,

    /// <summary>Will never be sent.</summary>
    Canceled = 4,
}
