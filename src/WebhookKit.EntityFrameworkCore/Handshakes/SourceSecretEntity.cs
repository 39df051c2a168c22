using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using WebhookKit.Handshakes;

namespace WebhookKit.EntityFrameworkCore.Handshakes;

/// <summary>A row of <c>webhook_source_secrets</c>: a registration, and once it is complete its secret as it is kept.</summary>
internal sealed class SourceSecretEntity
{
    public Guid Id { get; set; }

    public required string Source { get; set; }

    /// <summary>The tenant, or the empty string.</summary>
    public required string TenantId { get; set; }

    public required string Topic { get; set; }

    public bool Removes { get; set; }

    /// <summary>The text of a protected secret; none where it is yet to come, or where nothing is signed.</summary>
    public string? Secret { get; set; }

    public DateTimeOffset PendingUntil { get; set; }

    public DateTimeOffset? CompletedAt { get; set; }

    public DateTimeOffset? ExpiresAt { get; set; }
}

internal sealed class SourceSecretConfiguration : IEntityTypeConfiguration<SourceSecretEntity>
{
    public void Configure(EntityTypeBuilder<SourceSecretEntity> builder)
    {
        builder.ToTable("webhook_source_secrets");
        builder.HasKey(secret => secret.Id);
        builder.HasIndex(secret => new { secret.Source, secret.TenantId });
        builder.HasIndex(secret => secret.TenantId).HasFilter("tenant_id <> ''");
        builder.Property(secret => secret.Id).ValueGeneratedNever();
        builder.Property(secret => secret.Source).HasMaxLength(128);
        builder.Property(secret => secret.TenantId).HasMaxLength(MessageDefaults.MaxKeyLength);
        builder.Property(secret => secret.Topic).HasMaxLength(SourceSecretLimits.MaxTopicLength);

        // No bound, whatever a convention of the host says.
        builder.Property(secret => secret.Secret).Metadata.SetMaxLength(null);
    }
}
