using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using WebhookKit.Deliveries;

namespace WebhookKit.EntityFrameworkCore.Outbox;

/// <summary>A row of <c>webhook_outbox</c>: a message not yet fanned out; narrow, so that deleting it is cheap.</summary>
internal sealed class OutboxEntity
{
    public MessageId MessageId { get; set; }

    public string? TenantId { get; set; }

    /// <summary>Whether the message has an ordering key: such messages are fanned out by one node at a time.</summary>
    public bool IsOrdered { get; set; }

    /// <summary>Set only inside the transaction that deletes the row: it shows which rows an update won.</summary>
    public LeaseId? LeaseId { get; set; }

    public static OutboxEntity From(WebhookMessage message) => new()
    {
        MessageId = message.Id,
        TenantId = message.TenantId,
        IsOrdered = message.OrderingKey is not null,
    };
}

internal sealed class OutboxConfiguration : IEntityTypeConfiguration<OutboxEntity>
{
    public void Configure(EntityTypeBuilder<OutboxEntity> builder)
    {
        builder.ToTable("webhook_outbox");
        builder.HasKey(row => row.MessageId);
        builder.Property(row => row.MessageId).ValueGeneratedNever();
        builder.Property(row => row.TenantId).HasMaxLength(MessageDefaults.MaxKeyLength);
    }
}
