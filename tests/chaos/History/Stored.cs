using WebhookKit.Deliveries;

namespace WebhookKit.Chaos.History;

/// <summary>A message as the database keeps it at the end.</summary>
internal sealed record StoredMessage(Guid Id, UInt128 PayloadHash, string? IdempotencyKey, Guid? DuplicateOf, bool IsInOutbox);

/// <summary>A delivery as the database keeps it at the end.</summary>
internal sealed record StoredDelivery(Guid Id, Guid MessageId, Guid EndpointId, DeliveryStatus Status, DeliveryStatusReason Reason);

/// <summary>An attempt as a node recorded it.</summary>
/// <param name="Number">Null for a late one.</param>
internal sealed record StoredAttempt(
    Guid DeliveryId, int? Number, DateTimeOffset StartedAt, TimeSpan Duration, AttemptOutcome Outcome)
{
    public bool IsLate => Number is null;

    public DateTimeOffset EndedAt => StartedAt + Duration;
}
