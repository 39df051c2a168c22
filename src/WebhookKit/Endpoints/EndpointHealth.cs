namespace WebhookKit.Endpoints;

/// <summary>What a batch of outcomes says about one endpoint.</summary>
public sealed record EndpointHealth
{
    /// <summary>The endpoint.</summary>
    public required EndpointId EndpointId { get; init; }

    /// <summary>Attempts that succeeded in the batch; one is enough to end a row of failures, whatever its place in the batch.</summary>
    public int Successes { get; init; }

    /// <summary>Attempts that failed in the batch.</summary>
    public int Failures { get; init; }

    /// <summary>How long nothing may be leased for the endpoint, counted from now by the store's clock.</summary>
    /// <value><see langword="null"/>: no slow-down. A later end that is already stored is kept.</value>
    public TimeSpan? SlowDownFor { get; init; }

    /// <summary>Set when the endpoint is to be disabled, with the reason.</summary>
    public EndpointStatusReason? DisableBecause { get; init; }

    /// <summary>When failures have consequences.</summary>
    /// <value>Default: <see cref="EndpointHealthPolicy.Default"/>.</value>
    public EndpointHealthPolicy Policy { get; init; } = EndpointHealthPolicy.Default;
}
