using System.Runtime.InteropServices;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace WebhookKit.EntityFrameworkCore.Outbox;

/// <summary>A row of <c>webhook_messages</c>: written once, never rewritten but to name what it duplicates or to be erased.</summary>
internal sealed class MessageEntity
{
    public MessageId Id { get; set; }

    public string? TenantId { get; set; }

    public required string EventType { get; set; }

    public required string ContentType { get; set; }

    public required byte[] Payload { get; set; }

    public DateTimeOffset OccurredAt { get; set; }

    public DateTimeOffset? DeliverAt { get; set; }

    public EndpointId? TargetEndpointId { get; set; }

    public string? OrderingKey { get; set; }

    public string? IdempotencyKey { get; set; }

    public MessageOrigin Origin { get; set; }

    public string? TraceParent { get; set; }

    public MessageId? DuplicateOf { get; set; }

    /// <summary>Since then its content is gone and it is not delivered again.</summary>
    public DateTimeOffset? ErasedAt { get; set; }

    public static MessageEntity From(WebhookMessage message) => new()
    {
        Id = message.Id,
        TenantId = message.TenantId,
        EventType = message.EventType,
        ContentType = message.ContentType,
        Payload = ToArray(message.Payload),
        OccurredAt = message.OccurredAt,
        DeliverAt = message.DeliverAt,
        TargetEndpointId = message.TargetEndpointId,
        OrderingKey = message.OrderingKey,
        IdempotencyKey = message.IdempotencyKey,
        Origin = message.Origin,
        TraceParent = message.TraceParent,
    };

    public WebhookMessage ToMessage() => new()
    {
        Id = Id,
        TenantId = TenantId,
        EventType = EventType,
        ContentType = ContentType,
        Payload = Payload,
        OccurredAt = OccurredAt,
        DeliverAt = DeliverAt,
        TargetEndpointId = TargetEndpointId,
        OrderingKey = OrderingKey,
        IdempotencyKey = IdempotencyKey,
        Origin = Origin,
        TraceParent = TraceParent,
    };

    // The factory's payloads are arrays of their own, which nobody writes to any more.
    internal static byte[] ToArray(ReadOnlyMemory<byte> payload) =>
        MemoryMarshal.TryGetArray(payload, out var segment) && segment.Count == segment.Array!.Length
            ? segment.Array
            : payload.ToArray();
}

internal sealed class MessageConfiguration : IEntityTypeConfiguration<MessageEntity>
{
    public void Configure(EntityTypeBuilder<MessageEntity> builder)
    {
        builder.ToTable("webhook_messages");
        builder.HasKey(message => message.Id);
        // Paid only by tenants and duplicates. Erasing takes a message out of the first, so that it finds the next.
        builder.HasIndex(message => new { message.TenantId, message.Id }).HasFilter("tenant_id IS NOT NULL AND erased_at IS NULL");
        builder.HasIndex(message => message.DuplicateOf).HasFilter("duplicate_of IS NOT NULL");
        builder.Property(message => message.Id).ValueGeneratedNever();
        builder.Property(message => message.TenantId).HasMaxLength(MessageDefaults.MaxKeyLength);
        builder.Property(message => message.EventType).HasMaxLength(EventTypes.EventTypeName.MaxLength);
        builder.Property(message => message.ContentType).HasMaxLength(256);
        builder.Property(message => message.OrderingKey).HasMaxLength(MessageDefaults.MaxKeyLength);
        builder.Property(message => message.IdempotencyKey).HasMaxLength(MessageDefaults.MaxKeyLength);
        builder.Property(message => message.TraceParent).HasMaxLength(64);
    }
}
