namespace WebhookKit;

/// <summary>Whether an endpoint takes part in dispatch.</summary>
public enum EndpointStatus
{
    /// <summary>Deliveries are made and sent.</summary>
    Enabled = 0,

    /// <summary>Deliveries are made and wait, never leased, until the endpoint is enabled again.</summary>
    Paused = 1,

    /// <summary>Deliveries are recorded as skipped.</summary>
    Disabled = 2,
}
