using WebhookKit.Deliveries;
using WebhookKit.Rendering;

namespace WebhookKit.Outbox;

/// <summary>A delivery that fan-out is about to make.</summary>
public sealed record NewDelivery
{
    /// <summary>The id.</summary>
    public required DeliveryId Id { get; init; }

    /// <summary>The message to deliver.</summary>
    public required MessageId MessageId { get; init; }

    /// <summary>Where to.</summary>
    public required EndpointId EndpointId { get; init; }

    /// <summary><see cref="DeliveryStatus.Pending"/>, <see cref="DeliveryStatus.Skipped"/> or <see cref="DeliveryStatus.Canceled"/>.</summary>
    public DeliveryStatus Status { get; init; }

    /// <summary>Why it is skipped or canceled.</summary>
    public DeliveryStatusReason Reason { get; init; }

    /// <summary>How long from now, by the store's clock, until it falls due.</summary>
    public TimeSpan DueIn { get; init; }

    /// <summary>The lease it is inserted with, for a delivery that is sent at once; otherwise <see langword="null"/>.</summary>
    public LeaseId? LeaseId { get; init; }

    /// <summary>How long <see cref="LeaseId"/> lasts from now.</summary>
    public TimeSpan LeaseDuration { get; init; }

    /// <summary>
    /// Set for a delivery that keeps its order: it waits, without falling due, while an earlier one with the same
    /// endpoint and key is pending. Such a delivery is never made already leased.
    /// </summary>
    public string? OrderingKey { get; init; }

    /// <summary>The format it is rendered in; <see langword="null"/>: the message's own payload is sent.</summary>
    public string? PayloadFormat { get; init; }

    /// <summary>
    /// The message in that format, stored with the delivery, once for all deliveries of the message in the format;
    /// <see langword="null"/> where it could not be made now, and is left to the first attempt.
    /// </summary>
    public MessageRendering? Rendering { get; init; }
}
