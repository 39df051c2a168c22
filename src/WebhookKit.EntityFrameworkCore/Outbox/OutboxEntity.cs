using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using WebhookKit.Deliveries;

namespace WebhookKit.EntityFrameworkCore.Outbox;

/// <summary>A row of <c>webhook_outbox</c>: a message that has not been fanned out.</summary>
internal sealed class OutboxEntity
{
    /// <summary>
    /// Given by the database when the row is inserted: a message published after another one's commit has the greater
    /// number, whatever the clocks of their nodes say.
    /// </summary>
    public long Number { get; set; }

    public MessageId MessageId { get; set; }

    public string? TenantId { get; set; }

    /// <summary>Whether the message has an ordering key: such messages are fanned out by one node at a time.</summary>
    public bool IsOrdered { get; set; }

    /// <summary>Set only inside the transaction that deletes the row: it shows which rows an update won.</summary>
    public LeaseId? LeaseId { get; set; }

    public static OutboxEntity From(WebhookMessage message) => From(message.Id, message.TenantId, message.OrderingKey);

    public static OutboxEntity From(MessageId messageId, string? tenantId, string? orderingKey) =>
        new() { MessageId = messageId, TenantId = tenantId, IsOrdered = orderingKey is not null };
}

internal sealed class OutboxConfiguration : IEntityTypeConfiguration<OutboxEntity>
{
    public void Configure(EntityTypeBuilder<OutboxEntity> builder)
    {
        builder.ToTable("webhook_outbox");
        builder.HasKey(row => row.Number);
        builder.Property(row => row.Number).ValueGeneratedOnAdd();
        builder.HasIndex(row => row.MessageId).IsUnique();
        builder.Property(row => row.TenantId).HasMaxLength(MessageDefaults.MaxKeyLength);
    }
}
