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

    /// <summary>Nothing is leased before this instant: the endpoint asked for less, or its circuit is open.</summary>
    public DateTimeOffset? SlowedDownUntil { get; init; }

    /// <summary>Whether it is left alone because it failed too often.</summary>
    public EndpointCircuit Circuit { get; init; }

    /// <summary>When <see cref="Circuit"/> last changed; <see langword="null"/> when it never did.</summary>
    public DateTimeOffset? CircuitChangedAt { get; init; }

    /// <summary>When the attempts began to be counted that may open the circuit: at a failure; <see langword="null"/> while none are.</summary>
    public DateTimeOffset? WindowStartedAt { get; init; }

    /// <summary>The attempts counted since <see cref="WindowStartedAt"/>.</summary>
    public int WindowAttempts { get; init; }

    /// <summary>How many of <see cref="WindowAttempts"/> failed.</summary>
    public int WindowFailures { get; init; }

    /// <summary>Whether it counts as failing, from its circuit opening or a long row of failures until it has recovered.</summary>
    public bool IsFailing { get; init; }

    /// <summary>The earliest instant at which the next request may begin, where a rate bounds them.</summary>
    public DateTimeOffset? NextSlotAt { get; init; }
}
