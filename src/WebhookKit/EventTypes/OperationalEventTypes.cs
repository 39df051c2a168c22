namespace WebhookKit;

/// <summary>The event types of operational messages: what WebhookKit itself tells about endpoints and deliveries.</summary>
/// <remarks>Off unless <c>AddSender(sender => sender.OperationalEvents(…))</c> says whom to tell.</remarks>
public static class OperationalEventTypes
{
    /// <summary>An endpoint fails too often, or for too long; its data is <see cref="EndpointHealthEvent"/>.</summary>
    public const string EndpointFailing = "webhooks.endpoint.failing";

    /// <summary>An endpoint that was failing works again; its data is <see cref="EndpointHealthEvent"/>.</summary>
    public const string EndpointRecovered = "webhooks.endpoint.recovered";

    /// <summary>An endpoint was disabled because of what it answered; its data is <see cref="EndpointHealthEvent"/>.</summary>
    public const string EndpointDisabled = "webhooks.endpoint.disabled";

    /// <summary>An old secret of an endpoint is about to stop signing; its data is <see cref="SecretExpiringEvent"/>.</summary>
    public const string SecretExpiring = "webhooks.secret.expiring";

    /// <summary>No attempts remain for a delivery; its data is <see cref="DeliveryExhaustedEvent"/>.</summary>
    public const string DeliveryExhausted = "webhooks.delivery.exhausted";
}
