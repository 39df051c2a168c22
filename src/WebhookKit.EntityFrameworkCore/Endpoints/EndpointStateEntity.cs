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
    public EndpointId EndpointId { get; set; }

    public EndpointStatus Status { get; set; }

    public EndpointStatusReason StatusReason { get; set; }

    /// <summary>When it was deleted, or erased with its tenant: from then on it stays disabled until retention deletes the row.</summary>
    public DateTimeOffset? DeletedAt { get; set; }

    public int ConsecutiveFailures { get; set; }

    public DateTimeOffset? FailingSince { get; set; }

    public DateTimeOffset? LastSuccessAt { get; set; }

    public DateTimeOffset? SlowedDownUntil { get; set; }

    public EndpointCircuit Circuit { get; set; }

    public DateTimeOffset? CircuitChangedAt { get; set; }

    public DateTimeOffset? WindowStartedAt { get; set; }

    public int WindowAttempts { get; set; }

    public int WindowFailures { get; set; }

    public bool IsFailing { get; set; }

    /// <summary>The endpoint's rate, kept here so that a lease reads one row: whoever writes the endpoint writes it too.</summary>
    public int? RateRequests { get; set; }

    public TimeSpan? RatePeriod { get; set; }

    public DateTimeOffset? NextSlotAt { get; set; }

    public EndpointRate? GetRate() => ToRate(RateRequests, RatePeriod);

    public static EndpointStateEntity For(WebhookEndpoint endpoint) => new()
    {
        EndpointId = endpoint.Id,
        RateRequests = endpoint.Rate?.Requests,
        RatePeriod = endpoint.Rate?.Period,
    };

    public static EndpointStateEntity For(RegisteredEndpoint endpoint) => new()
    {
        EndpointId = endpoint.Id,
        Status = endpoint.Status,
        StatusReason = endpoint.StatusReason,
        RateRequests = endpoint.Rate?.Requests,
        RatePeriod = endpoint.Rate?.Period,
    };

    public static EndpointRate? ToRate(int? requests, TimeSpan? period) =>
        requests is { } count && period is { } time ? new EndpointRate(count, time) : null;

    /// <summary>Writes the rate of an endpoint where it is another than before: a state that a lease waits for is not touched in vain.</summary>
    public static Task<int> WriteRateAsync(DbContext context, EndpointId id, EndpointRate? rate, CancellationToken cancellationToken)
    {
        var (requests, period) = (rate?.Requests, rate?.Period);
        return context.Set<EndpointStateEntity>()
            .Where(known => known.EndpointId == id && (known.RateRequests != requests || known.RatePeriod != period))
            .ExecuteUpdateAsync(
                known => known.SetProperty(s => s.RateRequests, requests).SetProperty(s => s.RatePeriod, period), cancellationToken);
    }

    /// <summary>Takes over what outcomes have made of it.</summary>
    public void Take(EndpointTransition transition)
    {
        Take(transition.State);
        if (transition.DisableBecause is { } reason)
        {
            (Status, StatusReason) = (EndpointStatus.Disabled, reason);
        }
    }

    public void Take(EndpointState state)
    {
        ConsecutiveFailures = state.ConsecutiveFailures;
        FailingSince = state.FailingSince;
        LastSuccessAt = state.LastSuccessAt;
        SlowedDownUntil = state.SlowedDownUntil;
        Circuit = state.Circuit;
        CircuitChangedAt = state.CircuitChangedAt;
        WindowStartedAt = state.WindowStartedAt;
        WindowAttempts = state.WindowAttempts;
        WindowFailures = state.WindowFailures;
        IsFailing = state.IsFailing;
        NextSlotAt = state.NextSlotAt;
    }

    public EndpointState ToState() => new()
    {
        EndpointId = EndpointId,
        ConsecutiveFailures = ConsecutiveFailures,
        FailingSince = FailingSince,
        LastSuccessAt = LastSuccessAt,
        SlowedDownUntil = SlowedDownUntil,
        Circuit = Circuit,
        CircuitChangedAt = CircuitChangedAt,
        WindowStartedAt = WindowStartedAt,
        WindowAttempts = WindowAttempts,
        WindowFailures = WindowFailures,
        IsFailing = IsFailing,
        NextSlotAt = NextSlotAt,
    };
}

internal sealed class EndpointStateConfiguration : IEntityTypeConfiguration<EndpointStateEntity>
{
    public void Configure(EntityTypeBuilder<EndpointStateEntity> builder)
    {
        builder.ToTable("webhook_endpoint_state");
        builder.HasKey(state => state.EndpointId);
        builder.Property(state => state.EndpointId).ValueGeneratedNever();
        // Paid only by what was deleted; retention looks at nothing else.
        builder.HasIndex(state => new { state.EndpointId, state.DeletedAt }, "ix_webhook_endpoint_state_deleted").HasFilter("deleted_at IS NOT NULL");
    }
}
