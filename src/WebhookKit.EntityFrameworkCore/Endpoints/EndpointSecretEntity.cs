using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using WebhookKit.Endpoints;
using WebhookKit.Secrets;

namespace WebhookKit.EntityFrameworkCore.Endpoints;

/// <summary>A row of <c>webhook_endpoint_secrets</c>: a secret, or the value of a custom header, as it is kept.</summary>
internal sealed class EndpointSecretEntity
{
    public EndpointId EndpointId { get; set; }

    public StoredSecretPurpose Purpose { get; set; }

    public int Number { get; set; }

    public string? Name { get; set; }

    public required string Value { get; set; }

    /// <summary>The key that protects the value, apart from it, so that what an old key protects is found.</summary>
    public string? KeyId { get; set; }

    public DateTimeOffset CreatedAt { get; set; }

    public DateTimeOffset? ExpiresAt { get; set; }

    public bool IsExpiryTold { get; set; }

    public static EndpointSecretEntity From(EndpointId endpointId, StoredSecret secret) => new()
    {
        EndpointId = endpointId,
        Purpose = secret.Purpose,
        Number = secret.Number,
        Name = secret.Name,
        Value = secret.Value,
        KeyId = secret.KeyId,
        CreatedAt = secret.CreatedAt,
        ExpiresAt = secret.ExpiresAt,
        IsExpiryTold = secret.IsExpiryTold,
    };

    public StoredSecret ToSecret() => new()
    {
        Purpose = Purpose,
        Number = Number,
        Name = Name,
        Value = Value,
        CreatedAt = CreatedAt,
        ExpiresAt = ExpiresAt,
        IsExpiryTold = IsExpiryTold,
    };
}

internal sealed class EndpointSecretConfiguration : IEntityTypeConfiguration<EndpointSecretEntity>
{
    public void Configure(EntityTypeBuilder<EndpointSecretEntity> builder)
    {
        builder.ToTable("webhook_endpoint_secrets");
        builder.HasKey(secret => new { secret.EndpointId, secret.Purpose, secret.Number });
        builder.HasIndex(secret => new { secret.KeyId, secret.EndpointId });
        builder.Property(secret => secret.Purpose).ValueGeneratedNever();
        builder.Property(secret => secret.Number).ValueGeneratedNever();
        builder.Property(secret => secret.Name).HasMaxLength(EndpointHeaders.MaxNameLength);
        builder.Property(secret => secret.KeyId).HasMaxLength(128);

        // No bound, whatever a convention of the host says.
        builder.Property(secret => secret.Value).Metadata.SetMaxLength(null);
    }
}
