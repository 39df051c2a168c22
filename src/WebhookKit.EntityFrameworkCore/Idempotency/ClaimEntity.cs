using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using WebhookKit.Idempotency;

namespace WebhookKit.EntityFrameworkCore.Idempotency;

/// <summary>A row of <c>webhook_claims</c>: commits together with the handler's own rows.</summary>
internal sealed class ClaimEntity
{
    public required string Source { get; set; }

    /// <summary>The tenant, or the empty string: a nullable column cannot be part of the key.</summary>
    public required string TenantId { get; set; }

    public required string Key { get; set; }

    /// <summary>Tells whether a commit whose answer was lost has happened.</summary>
    public Guid Token { get; set; }

    public DateTimeOffset ExpiresAt { get; set; }

    public static ClaimEntity From(WebhookClaim claim, Guid token, DateTimeOffset now) => new()
    {
        Source = claim.Source,
        TenantId = claim.TenantId ?? "",
        Key = claim.Key,
        Token = token,
        ExpiresAt = now + claim.Memory,
    };
}

internal sealed class ClaimConfiguration : IEntityTypeConfiguration<ClaimEntity>
{
    public void Configure(EntityTypeBuilder<ClaimEntity> builder)
    {
        builder.ToTable("webhook_claims");
        builder.HasKey(claim => new { claim.Source, claim.TenantId, claim.Key });
        builder.HasIndex(claim => claim.ExpiresAt);
        builder.Property(claim => claim.Source).HasMaxLength(128);
        builder.Property(claim => claim.TenantId).HasMaxLength(MessageDefaults.MaxKeyLength);
        builder.Property(claim => claim.Key).HasMaxLength(256);
    }
}
