using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using WebhookKit.Deliveries;
using WebhookKit.Outbox;

namespace WebhookKit.EntityFrameworkCore.Deliveries;

/// <summary>A row of <c>webhook_deliveries</c>; its status flips in place.</summary>
internal sealed class DeliveryEntity
{
    public DeliveryId Id { get; set; }

    public MessageId MessageId { get; set; }

    public EndpointId EndpointId { get; set; }

    public DeliveryStatus Status { get; set; }

    public DeliveryStatusReason Reason { get; set; }

    /// <summary>May be leased from this instant; doubles as the end of a lease, and with a final status says since when it is finished.</summary>
    public DateTimeOffset DueAt { get; set; }

    /// <summary>Meant to be sent at this instant, whatever leases do to <see cref="DueAt"/>.</summary>
    public DateTimeOffset? NextAttemptAt { get; set; }

    public LeaseId? LeaseId { get; set; }

    /// <summary>Leases since the last completion.</summary>
    public int Leases { get; set; }

    public int Attempts { get; set; }

    public string? OrderingKey { get; set; }

    /// <summary>The place within endpoint and ordering key; zero without a key.</summary>
    public long Sequence { get; set; }

    public static DeliveryEntity From(NewDelivery delivery, DateTimeOffset now)
    {
        var isPending = delivery.Status == DeliveryStatus.Pending;
        var isLeased = isPending && delivery.LeaseId is not null;
        var meantFor = now + delivery.DueIn;
        return new DeliveryEntity
        {
            Id = delivery.Id,
            MessageId = delivery.MessageId,
            EndpointId = delivery.EndpointId,
            Status = delivery.Status,
            Reason = delivery.Reason,
            DueAt = isLeased ? now + delivery.LeaseDuration : meantFor,
            NextAttemptAt = isPending ? meantFor : null,
            LeaseId = isLeased ? delivery.LeaseId : null,
            Leases = isLeased ? 1 : 0,
            OrderingKey = delivery.OrderingKey,
        };
    }

    public Delivery ToDelivery() => new()
    {
        Id = Id,
        MessageId = MessageId,
        EndpointId = EndpointId,
        Status = Status,
        Reason = Reason,
        Attempts = Attempts,
        NextAttemptAt = NextAttemptAt,
    };
}

internal sealed class DeliveryConfiguration : IEntityTypeConfiguration<DeliveryEntity>
{
    public void Configure(EntityTypeBuilder<DeliveryEntity> builder)
    {
        builder.ToTable("webhook_deliveries");
        builder.HasKey(delivery => delivery.Id);
        builder.Property(delivery => delivery.Id).ValueGeneratedNever();
        // Only pending rows are ever searched by endpoint and due time; finished ones must not slow a lease.
        builder.HasIndex(delivery => new { delivery.EndpointId, delivery.DueAt }).HasFilter("status = 0");
        builder.HasIndex(delivery => new { delivery.EndpointId, delivery.OrderingKey, delivery.Sequence })
            .HasFilter("status = 0 AND ordering_key IS NOT NULL");
        builder.HasIndex(delivery => delivery.MessageId);
        builder.Property(delivery => delivery.OrderingKey).HasMaxLength(MessageDefaults.MaxKeyLength);
    }
}
