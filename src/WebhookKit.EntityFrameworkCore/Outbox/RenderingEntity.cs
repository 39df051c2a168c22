using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using WebhookKit.Rendering;

namespace WebhookKit.EntityFrameworkCore.Outbox;

/// <summary>A row of <c>webhook_renderings</c>: a message in a payload format, written once and gone with its message.</summary>
internal sealed class RenderingEntity
{
    public MessageId MessageId { get; set; }

    public required string Format { get; set; }

    public required string ContentType { get; set; }

    public required byte[] Payload { get; set; }

    public static RenderingEntity From(MessageRendering rendering) => new()
    {
        MessageId = rendering.MessageId,
        Format = rendering.Format,
        ContentType = rendering.ContentType,
        Payload = MessageEntity.ToArray(rendering.Payload),
    };

    public MessageRendering ToRendering() => new(MessageId, Format, ContentType, Payload);
}

internal sealed class RenderingConfiguration : IEntityTypeConfiguration<RenderingEntity>
{
    public void Configure(EntityTypeBuilder<RenderingEntity> builder)
    {
        builder.ToTable("webhook_renderings");
        builder.HasKey(rendering => new { rendering.MessageId, rendering.Format });
        builder.Property(rendering => rendering.Format).HasMaxLength(PayloadFormat.MaxNameLength);
        builder.Property(rendering => rendering.ContentType).HasMaxLength(256);
    }
}
