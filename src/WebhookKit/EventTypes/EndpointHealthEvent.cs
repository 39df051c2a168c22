namespace WebhookKit;

/// <summary>The data of operational messages about an endpoint's health.</summary>
public sealed record EndpointHealthEvent
{
    /// <summary>The endpoint, as <c>ep_…</c>.</summary>
    public required string EndpointId { get; init; }

    /// <summary>Whose endpoint it is, or <see langword="null"/>.</summary>
    public string? TenantId { get; init; }

    /// <summary>Its declared name, or <see langword="null"/>.</summary>
    public string? Name { get; init; }

    /// <summary>Why it was disabled: <c>gone</c> after a 410, or <c>failing</c>; otherwise <see langword="null"/>.</summary>
    public string? Reason { get; init; }

    /// <summary>Failed attempts since the last success.</summary>
    public int ConsecutiveFailures { get; init; }

    /// <summary>Since when no attempt succeeded, or <see langword="null"/>.</summary>
    public DateTimeOffset? FailingSince { get; init; }

    /// <summary>When an attempt last succeeded, to a minute, or <see langword="null"/>.</summary>
    public DateTimeOffset? LastSuccessAt { get; init; }
}
