namespace WebhookKit.Deliveries;

/// <summary>What a lease came to, to be written back.</summary>
public sealed record DeliveryCompletion
{
    /// <summary>The delivery and the fencing id it was leased with.</summary>
    public required LeasedDelivery Delivery { get; init; }

    /// <summary>The attempt that was made; <see langword="null"/> when none was, as for an abandoned delivery.</summary>
    public Attempt? Attempt { get; init; }

    /// <summary>The status the delivery takes.</summary>
    public required DeliveryStatus Status { get; init; }

    /// <summary>Why, for a final status.</summary>
    public DeliveryStatusReason Reason { get; init; }

    /// <summary>For <see cref="DeliveryStatus.Pending"/>: how long from now, by the store's clock, until the next attempt.</summary>
    public TimeSpan NextAttemptIn { get; init; }

    /// <summary>
    /// For <see cref="DeliveryStatus.Pending"/>: whether the next delivery with the same ordering key may pass this one.
    /// A final status always lets it pass.
    /// </summary>
    public bool LetsNextPass { get; init; }
}
