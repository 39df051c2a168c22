using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using WebhookKit.Deliveries;
using WebhookKit.EntityFrameworkCore.Model;

namespace WebhookKit.EntityFrameworkCore.Deliveries;

/// <summary>A row of <c>webhook_redeliveries</c>: what a person has asked to be sent again, and how far that has come.</summary>
internal sealed class RedeliveryEntity
{
    private const int IdBytes = 16;

    public RedeliveryId Id { get; set; }

    public MessageId? MessageId { get; set; }

    public EndpointId? EndpointId { get; set; }

    public bool IsOfTenant { get; set; }

    public string? TenantId { get; set; }

    public DeliveryStatus? Status { get; set; }

    public DateTimeOffset? Since { get; set; }

    public DateTimeOffset Until { get; set; }

    public int MaxPerSecond { get; set; }

    public int Count { get; set; }

    public int Done { get; set; }

    /// <summary>The deliveries that begin anew only if the attempt that was under way fails: 16 bytes each.</summary>
    public byte[]? Waiting { get; set; }

    public DateTimeOffset StartedAt { get; set; }

    /// <summary>When its next part may be carried out, so that it keeps to its rate over all nodes.</summary>
    public DateTimeOffset DueAt { get; set; }

    public DateTimeOffset? EndedAt { get; set; }

    public bool IsCanceled { get; set; }

    public RedeliverySelection GetSelection() => (MessageId, EndpointId, Status) switch
    {
        ({ } message, var endpoint, _) => RedeliverySelection.OfMessage(message, endpoint) with { Until = Until },
        (null, { } endpoint, DeliveryStatus.Skipped) => RedeliverySelection.Skipped(endpoint, Since) with { Until = Until },
        (null, { } endpoint, _) => RedeliverySelection.FailedSince(endpoint, Since!.Value) with { Until = Until },
        _ => RedeliverySelection.FailedSinceOfTenant(TenantId, Since!.Value) with { Until = Until },
    };

    public static RedeliveryEntity From(
        RedeliveryId id, RedeliverySelection selection, int maxPerSecond, int count, byte[]? waiting, DateTimeOffset now) => new()
        {
            Id = id,
            MessageId = selection.MessageId,
            EndpointId = selection.EndpointId,
            IsOfTenant = selection.IsOfTenant,
            TenantId = selection.TenantId,
            Status = selection.Status,
            Since = selection.Since,
            Until = selection.Until!.Value,
            MaxPerSecond = maxPerSecond,
            Count = count,
            Waiting = waiting,
            StartedAt = now,
            DueAt = now,
        };

    public static byte[]? Pack(IReadOnlyCollection<DeliveryId> ids) => ids.Count == 0 ? null : [.. ids.SelectMany(id => StoredId.ToBytes(id.Value))];

    public DeliveryId[] GetWaiting() => [.. (Waiting ?? []).Chunk(IdBytes).Select(id => new DeliveryId(StoredId.FromBytes(id)))];

    public RedeliveryProgress ToProgress() => new()
    {
        Id = Id,
        Selection = GetSelection(),
        MaxPerSecond = MaxPerSecond,
        Count = Count,
        Done = Done,
        StartedAt = StartedAt,
        EndedAt = EndedAt,
        IsCanceled = IsCanceled,
    };
}

internal sealed class RedeliveryConfiguration : IEntityTypeConfiguration<RedeliveryEntity>
{
    public void Configure(EntityTypeBuilder<RedeliveryEntity> builder)
    {
        builder.ToTable("webhook_redeliveries");
        builder.HasKey(redelivery => redelivery.Id);
        builder.Property(redelivery => redelivery.Id).ValueGeneratedNever();
        builder.HasIndex(redelivery => new { redelivery.EndedAt, redelivery.DueAt });
        builder.Property(redelivery => redelivery.TenantId).HasMaxLength(MessageDefaults.MaxKeyLength);

        // No bound, whatever a convention of the host says.
        builder.Property(redelivery => redelivery.Waiting).Metadata.SetMaxLength(null);
    }
}
