namespace WebhookKit.Endpoints;

/// <summary>What all nodes together know about an endpoint's health.</summary>
public sealed record EndpointState
{
    /// <summary>The endpoint.</summary>
    public required EndpointId EndpointId { get; init; }

    /// <summary>Failed attempts since the last success.</summary>
    public int ConsecutiveFailures { get; init; }

    /// <summary>When the first of <see cref="ConsecutiveFailures"/> was recorded.</summary>
    public DateTimeOffset? FailingSince { get; init; }

    /// <summary>When the last success was recorded; a store may leave out one that comes less than a minute after another.</summary>
    public DateTimeOffset? LastSuccessAt { get; init; }

    /// <summary>Nothing is leased before this instant.</summary>
    public DateTimeOffset? SlowedDownUntil { get; init; }
}
