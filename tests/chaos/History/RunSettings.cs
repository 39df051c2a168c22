using WebhookKit.Retry;

namespace WebhookKit.Chaos.History;

/// <summary>What the run promised beforehand, against which its history is judged.</summary>
internal sealed record RunSettings
{
    public required IReadOnlyList<ChaosEndpoint> Endpoints { get; init; }

    public required RetrySchedule RetrySchedule { get; init; }

    public required TimeSpan LeaseDuration { get; init; }

    public required TimeSpan PollInterval { get; init; }

    /// <summary>How long the work itself may take once the lease of a lost node has ended.</summary>
    public required TimeSpan WorkAllowance { get; init; }
}

/// <summary>An endpoint that every node declares.</summary>
internal sealed record ChaosEndpoint(string Name, string EventType, bool IsOrdered)
{
    public Guid Id { get; } = EndpointId.Declared(null, Name).Value;
}
