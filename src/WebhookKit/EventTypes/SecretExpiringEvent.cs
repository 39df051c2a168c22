namespace WebhookKit;

/// <summary>The data of operational messages about a secret that was rotated and is about to stop signing.</summary>
/// <remarks>A receiver that still verifies with it alone will refuse everything from then on.</remarks>
public sealed record SecretExpiringEvent
{
    /// <summary>The endpoint, as <c>ep_…</c>.</summary>
    public required string EndpointId { get; init; }

    /// <summary>Whose endpoint it is, or <see langword="null"/>.</summary>
    public string? TenantId { get; init; }

    /// <summary>The <see cref="EndpointSecret.Number"/> of the secret.</summary>
    public required int SecretNumber { get; init; }

    /// <summary>When it was added.</summary>
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>When it stops signing.</summary>
    public required DateTimeOffset ExpiresAt { get; init; }
}
