namespace WebhookKit.Deliveries;

/// <summary>How many deliveries an endpoint may give to one lease: its free slots.</summary>
/// <param name="EndpointId">The endpoint.</param>
/// <param name="Deliveries">At most so many in all.</param>
/// <param name="Retries">At most so many of them that have been attempted before.</param>
public readonly record struct LeaseBudget(EndpointId EndpointId, int Deliveries, int Retries);
