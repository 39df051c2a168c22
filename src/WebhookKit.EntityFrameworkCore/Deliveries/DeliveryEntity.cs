using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using WebhookKit.Deliveries;
using WebhookKit.Outbox;

namespace WebhookKit.EntityFrameworkCore.Deliveries;

/// <summary>A row of <c>webhook_deliveries</c>; its status flips in place.</summary>
internal sealed class DeliveryEntity
{
    /// <summary>No infinity: databases do not agree on how to write it.</summary>
    public static readonly DateTimeOffset Never = new(9999, 12, 31, 0, 0, 0, TimeSpan.Zero);

    public DeliveryId Id { get; set; }

    public MessageId MessageId { get; set; }

    public EndpointId EndpointId { get; set; }

    public DeliveryStatus Status { get; set; }

    public DeliveryStatusReason Reason { get; set; }

    /// <summary>
    /// May be leased from this instant; doubles as the end of a lease. <see cref="Never"/> while the delivery waits for
    /// an earlier one of its ordering key; with a final status, since when it is finished.
    /// </summary>
    public DateTimeOffset DueAt { get; set; }

    /// <summary>Meant to be sent at this instant, whatever leases do to <see cref="DueAt"/>.</summary>
    public DateTimeOffset? NextAttemptAt { get; set; }

    public LeaseId? LeaseId { get; set; }

    /// <summary>Leases since the last completion.</summary>
    public int Leases { get; set; }

    public int Attempts { get; set; }

    /// <summary>Whether it has been attempted: retries stand in a lane of their own, so that they hold up no first attempt.</summary>
    public bool IsRetry { get; set; }

    /// <summary>Keeps its place in the order at the endpoint; gone once it lets others pass.</summary>
    public string? OrderingKey { get; set; }

    /// <summary>The format it is rendered in, see <see cref="Outbox.RenderingEntity"/>; null: as it was published.</summary>
    public string? PayloadFormat { get; set; }

    /// <summary>The place within endpoint and ordering key: the number its message had in the outbox.</summary>
    public long Sequence { get; set; }

    public static DeliveryEntity From(NewDelivery delivery, DateTimeOffset now, long sequence)
    {
        var isPending = delivery.Status == DeliveryStatus.Pending;
        var isOrdered = isPending && delivery.OrderingKey is not null;
        var isLeased = isPending && !isOrdered && delivery.LeaseId is not null;
        var meantFor = now + delivery.DueIn;
        return new DeliveryEntity
        {
            Id = delivery.Id,
            MessageId = delivery.MessageId,
            EndpointId = delivery.EndpointId,
            Status = delivery.Status,
            Reason = delivery.Reason,
            DueAt = isOrdered ? Never : isLeased ? now + delivery.LeaseDuration : meantFor,
            NextAttemptAt = isPending ? meantFor : null,
            LeaseId = isLeased ? delivery.LeaseId : null,
            Leases = isLeased ? 1 : 0,
            OrderingKey = delivery.OrderingKey,
            PayloadFormat = delivery.PayloadFormat,
            Sequence = sequence,
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
        PayloadFormat = PayloadFormat,
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
        builder.HasIndex(delivery => new { delivery.EndpointId, delivery.IsRetry, delivery.DueAt }).HasFilter("status = 0");
        builder.HasIndex(delivery => new { delivery.EndpointId, delivery.OrderingKey, delivery.Sequence })
            .HasFilter("status = 0 AND ordering_key IS NOT NULL");
        builder.HasIndex(delivery => delivery.MessageId);
        // Paid only by what a person may want to send again. One for each status: no database joins two conditions of indexes.
        builder.HasIndex(delivery => new { delivery.EndpointId, delivery.DueAt }, "ix_webhook_deliveries_dead_lettered").HasFilter("status = 2");
        builder.HasIndex(delivery => new { delivery.EndpointId, delivery.DueAt }, "ix_webhook_deliveries_skipped").HasFilter("status = 3");
        builder.Property(delivery => delivery.OrderingKey).HasMaxLength(MessageDefaults.MaxKeyLength);
        builder.Property(delivery => delivery.PayloadFormat).HasMaxLength(Rendering.PayloadFormat.MaxNameLength);
    }
}
