namespace WebhookKit.Endpoints;

/// <summary>Whether an endpoint that failed too often is left alone, the same for all nodes.</summary>
public enum EndpointCircuit
{
    /// <summary>As much is sent as the endpoint bears.</summary>
    Closed = 0,

    /// <summary>Nothing is leased until <see cref="EndpointState.SlowedDownUntil"/>; then one delivery, as a probe.</summary>
    Open = 1,

    /// <summary>The probe is under way: nothing else is leased until its outcome, or the end of its lease.</summary>
    HalfOpen = 2,

    /// <summary>The probe succeeded: a rate that doubles again and again lets the endpoint get used to the load.</summary>
    Recovering = 3,
}
