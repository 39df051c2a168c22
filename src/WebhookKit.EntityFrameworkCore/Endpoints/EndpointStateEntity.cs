using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using WebhookKit.Endpoints;

namespace WebhookKit.EntityFrameworkCore.Endpoints;

/// <summary>
/// A row of <c>webhook_endpoint_state</c>: what dispatch learns and decides about an endpoint, apart from the
/// endpoint's own row, so that health never disturbs a person's edit.
/// </summary>
internal sealed class EndpointStateEntity
{
    /// <summary>A further success is not written while the last one is younger: of thousands of endpoints, few are then written to.</summary>
    public static readonly TimeSpan SuccessGrain = TimeSpan.FromMinutes(1);

    public EndpointId EndpointId { get; set; }

    public EndpointStatus Status { get; set; }

    public EndpointStatusReason StatusReason { get; set; }

    public int ConsecutiveFailures { get; set; }

    public DateTimeOffset? FailingSince { get; set; }

    public DateTimeOffset? LastSuccessAt { get; set; }

    public DateTimeOffset? SlowedDownUntil { get; set; }

    public EndpointState ToState() => new()
    {
        EndpointId = EndpointId,
        ConsecutiveFailures = ConsecutiveFailures,
        FailingSince = FailingSince,
        LastSuccessAt = LastSuccessAt,
        SlowedDownUntil = SlowedDownUntil,
    };
}

internal sealed class EndpointStateConfiguration : IEntityTypeConfiguration<EndpointStateEntity>
{
    public void Configure(EntityTypeBuilder<EndpointStateEntity> builder)
    {
        builder.ToTable("webhook_endpoint_state");
        builder.HasKey(state => state.EndpointId);
        builder.Property(state => state.EndpointId).ValueGeneratedNever();
    }
}
