using WebhookKit.Handshakes;

namespace WebhookKit.InMemory.Handshakes;

/// <summary>A registration, pending or complete.</summary>
internal sealed class RegistrationRow(SourceRegistration registration, DateTimeOffset now)
{
    public SourceRegistration Registration => registration;

    public DateTimeOffset PendingUntil { get; } = now + registration.PendingFor;

    public string? Secret { get; set; } = registration.Secret;

    public DateTimeOffset? CompletedAt { get; set; }

    public DateTimeOffset? ExpiresAt { get; set; }

    public bool IsOf(string source, string? tenantId) =>
        string.Equals(registration.Source, source, StringComparison.Ordinal)
        && string.Equals(registration.TenantId, tenantId, StringComparison.Ordinal);

    public bool IsLive(DateTimeOffset now) => CompletedAt is not null && Secret is not null && !registration.Removes && !IsExpired(now);

    public bool IsOver(DateTimeOffset now) => CompletedAt is null ? PendingUntil <= now : IsExpired(now) || (registration.Removes && PendingUntil <= now);

    private bool IsExpired(DateTimeOffset now) => ExpiresAt <= now;
}
