using WebhookKit.Deliveries;
using WebhookKit.Outbox;

namespace WebhookKit.InMemory.Deliveries;

/// <summary>A delivery as it stands now.</summary>
internal sealed class DeliveryRow(NewDelivery delivery)
{
    public DeliveryId Id { get; } = delivery.Id;

    public MessageId MessageId { get; } = delivery.MessageId;

    public EndpointId EndpointId { get; } = delivery.EndpointId;

    public DeliveryStatus Status { get; set; } = delivery.Status;

    public DeliveryStatusReason Reason { get; set; } = delivery.Reason;

    /// <summary>
    /// May be leased from this instant; while it is leased, the end of the lease; <see cref="DateTimeOffset.MaxValue"/>
    /// while it waits for an earlier one of its ordering key; with a final status, since when it is finished.
    /// </summary>
    public DateTimeOffset DueAt { get; set; }

    public DateTimeOffset? NextAttemptAt { get; set; }

    public LeaseId? LeaseId { get; set; }

    public int Leases { get; set; }

    public int Attempts { get; set; }

    public string? PayloadFormat { get; } = delivery.PayloadFormat;

    public string? OrderingKey { get; } = delivery.OrderingKey;

    /// <summary>Where it stands among those with its ordering key, while it keeps its place.</summary>
    public LinkedListNode<DeliveryRow>? Place { get; set; }

    public List<Attempt> Recorded { get; } = new(1);

    public void End(DeliveryStatus status, DeliveryStatusReason reason, DateTimeOffset now)
    {
        Status = status;
        Reason = reason;
        DueAt = now;
        LeaseId = null;
        Leases = 0;
        NextAttemptAt = null;
    }

    /// <summary>Begins a new cycle, outside any order.</summary>
    public void BeginAnew(DateTimeOffset now)
    {
        Status = DeliveryStatus.Pending;
        Reason = DeliveryStatusReason.None;
        DueAt = now;
        NextAttemptAt = now;
        LeaseId = null;
        Leases = 0;
        Attempts = 0;
    }

    public void EraseAttempts()
    {
        for (var i = 0; i < Recorded.Count; i++)
        {
            Recorded[i] = Recorded[i] with { Response = default, Error = null };
        }
    }

    public Delivery ToDelivery() => new()
    {
        Id = Id,
        MessageId = MessageId,
        EndpointId = EndpointId,
        Status = Status,
        Reason = Reason,
        Attempts = Attempts,
        PayloadFormat = PayloadFormat,
        NextAttemptAt = NextAttemptAt,
    };
}
