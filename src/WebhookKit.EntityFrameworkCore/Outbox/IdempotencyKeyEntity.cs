using System.Security.Cryptography;
using System.Text;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using WebhookKit.Publishing;

namespace WebhookKit.EntityFrameworkCore.Outbox;

/// <summary>A row of <c>webhook_idempotency_keys</c>: which message a publisher's key belongs to.</summary>
internal sealed class IdempotencyKeyEntity
{
    /// <summary>The tenant, or the empty string: a nullable column cannot be part of the key.</summary>
    public required string TenantId { get; set; }

    /// <summary>The SHA-256 of the key, in hexadecimal digits: a key may name a person, and outlives an erasure.</summary>
    public required string KeyHash { get; set; }

    public MessageId MessageId { get; set; }

    public required string EventType { get; set; }

    public required byte[] PayloadHash { get; set; }

    public DateTimeOffset ExpiresAt { get; set; }

    public static IdempotencyKeyEntity From(WebhookMessage message, DateTimeOffset expiresAt) => new()
    {
        TenantId = message.TenantId ?? "",
        KeyHash = HashOf(message.IdempotencyKey!),
        MessageId = message.Id,
        EventType = message.EventType,
        PayloadHash = EventHash.Compute(message),
        ExpiresAt = expiresAt,
    };

    public static string HashOf(string key) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(key)));

    public bool IsSameEvent(IdempotencyKeyEntity other) =>
        EventType == other.EventType && PayloadHash.AsSpan().SequenceEqual(other.PayloadHash);
}

internal sealed class IdempotencyKeyConfiguration : IEntityTypeConfiguration<IdempotencyKeyEntity>
{
    public void Configure(EntityTypeBuilder<IdempotencyKeyEntity> builder)
    {
        builder.ToTable("webhook_idempotency_keys");
        builder.HasKey(row => new { row.TenantId, row.KeyHash });
        builder.HasIndex(row => row.ExpiresAt);
        builder.Property(row => row.TenantId).HasMaxLength(MessageDefaults.MaxKeyLength);
        builder.Property(row => row.KeyHash).HasMaxLength(2 * SHA256.HashSizeInBytes);
        builder.Property(row => row.EventType).HasMaxLength(EventTypes.EventTypeName.MaxLength);
        builder.Property(row => row.PayloadHash).HasMaxLength(SHA256.HashSizeInBytes).IsFixedLength();
    }
}
