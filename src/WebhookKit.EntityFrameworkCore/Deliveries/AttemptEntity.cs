using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using WebhookKit.Deliveries;

namespace WebhookKit.EntityFrameworkCore.Deliveries;

/// <summary>A row of <c>webhook_attempts</c>: an immutable record.</summary>
internal sealed class AttemptEntity
{
    public AttemptId Id { get; set; }

    public DeliveryId DeliveryId { get; set; }

    public int? Number { get; set; }

    public DateTimeOffset StartedAt { get; set; }

    public TimeSpan Duration { get; set; }

    public AttemptOutcome Outcome { get; set; }

    public int? StatusCode { get; set; }

    public required byte[] Response { get; set; }

    public string? Error { get; set; }

    public bool IsLate { get; set; }

    public static AttemptEntity From(Attempt attempt, LeasedDelivery delivery, bool isLate) => new()
    {
        Id = attempt.Id,
        DeliveryId = delivery.Id,
        Number = isLate ? null : delivery.Attempts + 1,
        StartedAt = attempt.StartedAt,
        Duration = attempt.Duration,
        Outcome = attempt.Outcome,
        StatusCode = attempt.StatusCode,
        Response = attempt.Response.ToArray(),
        Error = attempt.Error,
        IsLate = isLate,
    };

    public Attempt ToAttempt() => new()
    {
        Id = Id,
        Number = Number,
        StartedAt = StartedAt,
        Duration = Duration,
        Outcome = Outcome,
        StatusCode = StatusCode,
        Response = Response,
        Error = Error,
        IsLate = IsLate,
    };
}

internal sealed class AttemptConfiguration : IEntityTypeConfiguration<AttemptEntity>
{
    public void Configure(EntityTypeBuilder<AttemptEntity> builder)
    {
        builder.ToTable("webhook_attempts");
        // One index for everything: attempts are read, recorded once and deleted by their delivery.
        builder.HasKey(attempt => new { attempt.DeliveryId, attempt.Id });
        builder.Property(attempt => attempt.Id).ValueGeneratedNever();

        // No bound, whatever a convention of the host says.
        builder.Property(attempt => attempt.Error).Metadata.SetMaxLength(null);
    }
}
