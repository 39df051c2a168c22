using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using WebhookKit.Deliveries;
using WebhookKit.Idempotency;
using WebhookKit.Inbox;

namespace WebhookKit.EntityFrameworkCore.Inbox;

/// <summary>A row of <c>webhook_inbox</c>: a verified event kept until it has been handled.</summary>
internal sealed class InboxEntity
{
    public required string Source { get; set; }

    /// <summary>The tenant, or the empty string: a nullable column cannot be part of the key.</summary>
    public required string TenantId { get; set; }

    public required string Key { get; set; }

    public required string EventType { get; set; }

    public string? ContentType { get; set; }

    public required byte[] Payload { get; set; }

    public TimeSpan Memory { get; set; }

    public DateTimeOffset? SignedAt { get; set; }

    public string? OrderingKey { get; set; }

    /// <summary>Says which of two entries with the same ordering key came first; equal ones came at once and go by their keys.</summary>
    public long Position { get; set; }

    public InboxStatus Status { get; set; }

    /// <summary>May be leased from this instant; doubles as the end of a lease, and of a finished entry says since when it is.</summary>
    public DateTimeOffset DueAt { get; set; }

    public LeaseId? LeaseId { get; set; }

    public int Attempts { get; set; }

    /// <summary>Leases since the last attempt that ended in a way its owner could tell.</summary>
    public int Leases { get; set; }

    public string? Error { get; set; }

    /// <summary>Since then its content is gone.</summary>
    public DateTimeOffset? ErasedAt { get; set; }

    public static InboxEntity From(InboxEntry entry, long position, DateTimeOffset now) => new()
    {
        Source = entry.Claim.Source,
        TenantId = entry.Claim.TenantId ?? "",
        Key = entry.Claim.Key,
        EventType = entry.EventType,
        ContentType = entry.ContentType,
        Payload = entry.Payload.ToArray(),
        Memory = entry.Claim.Memory,
        SignedAt = entry.SignedAt,
        OrderingKey = entry.OrderingKey,
        Position = position,
        DueAt = now,
    };

    public InboxEntry ToEntry() => new()
    {
        Claim = new WebhookClaim(Source, TenantId.Length == 0 ? null : TenantId, Key, Memory),
        EventType = EventType,
        ContentType = ContentType,
        SignedAt = SignedAt,
        OrderingKey = OrderingKey,
        Payload = Payload,
    };
}

internal sealed class InboxConfiguration : IEntityTypeConfiguration<InboxEntity>
{
    public void Configure(EntityTypeBuilder<InboxEntity> builder)
    {
        builder.ToTable("webhook_inbox");
        // The key first: copies of a message are found by it alone.
        builder.HasKey(entry => new { entry.Key, entry.Source, entry.TenantId });
        builder.HasIndex(entry => new { entry.Source, entry.DueAt }).HasFilter("status = 0");
        builder.HasIndex(entry => new { entry.OrderingKey, entry.Source, entry.TenantId, entry.Position })
            .HasFilter("status = 0 AND ordering_key IS NOT NULL");
        builder.HasIndex(entry => new { entry.Status, entry.DueAt }).HasFilter("status <> 0");
        builder.HasIndex(entry => new { entry.TenantId, entry.Key }).HasFilter("tenant_id <> '' AND erased_at IS NULL");
        builder.Property(entry => entry.Source).HasMaxLength(128);
        builder.Property(entry => entry.TenantId).HasMaxLength(MessageDefaults.MaxKeyLength);
        builder.Property(entry => entry.Key).HasMaxLength(256);
        builder.Property(entry => entry.OrderingKey).HasMaxLength(MessageDefaults.MaxKeyLength);
        builder.Property(entry => entry.EventType).HasMaxLength(256);
        builder.Property(entry => entry.ContentType).HasMaxLength(256);

        // No bound, whatever a convention of the host says.
        builder.Property(entry => entry.Error).Metadata.SetMaxLength(null);
    }
}
