namespace WebhookKit;

/// <summary>When an endpoint's failures have consequences, counted over all nodes.</summary>
public sealed record EndpointHealthPolicy
{
    /// <summary>The policy with every default.</summary>
    public static EndpointHealthPolicy Default { get; } = new();

    /// <summary>The share of failed attempts from which the circuit opens.</summary>
    /// <value>Default: 0.7. More than 1 keeps it closed for ever.</value>
    public double CircuitFailureRatio { get; init; } = 0.7;

    /// <summary>The fewest attempts within <see cref="CircuitWindow"/> that open the circuit.</summary>
    /// <value>Default: 10.</value>
    public int CircuitMinimumAttempts { get; init; } = 10;

    /// <summary>How long attempts are counted together; a window begins with a failure.</summary>
    /// <value>Default: 30 seconds.</value>
    public TimeSpan CircuitWindow { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>How long the circuit stays open before a probe, at least; with the time that the endpoint fails it grows to 5 minutes.</summary>
    /// <value>Default: 30 seconds.</value>
    public TimeSpan CircuitBreak { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>How long an endpoint has to fail, without one success, before it is disabled.</summary>
    /// <value>Default: 5 days. <see cref="TimeSpan.MaxValue"/> disables none.</value>
    public TimeSpan DisableAfter { get; init; } = TimeSpan.FromDays(5);

    /// <summary>The fewest attempts, all of them failed, before an endpoint is disabled.</summary>
    /// <value>Default: 20.</value>
    public int DisableMinimumAttempts { get; init; } = 20;
}
