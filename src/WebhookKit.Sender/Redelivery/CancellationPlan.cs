using WebhookKit.Deliveries;
using WebhookKit.Endpoints;
using WebhookKit.Identifiers;
using WebhookKit.Outbox;

namespace WebhookKit.Redelivery;

/// <summary>Makes the deliveries of a canceled message, canceled: whoever would have got it, can be seen.</summary>
internal sealed class CancellationPlan(IdGenerator ids)
{
    private readonly ContentFilters _filters = new();

    /// <summary>The planner handed to the store.</summary>
    public IReadOnlyList<NewDelivery> Plan(IReadOnlyList<WebhookMessage> messages, IReadOnlyList<WebhookEndpoint> endpoints) =>
        [.. messages.SelectMany(message => endpoints.Where(endpoint => Wants(endpoint, message)).Select(endpoint => Cancel(message, endpoint)))];

    private bool Wants(WebhookEndpoint endpoint, WebhookMessage message)
    {
        if (!endpoint.Wants(message) || endpoint.Filter is null || message.TargetEndpointId is not null)
        {
            return endpoint.Wants(message);
        }

        using var payload = new FilteredPayload(message.Payload);
        return _filters.Matches(endpoint.Filter, payload) != false;
    }

    private NewDelivery Cancel(WebhookMessage message, WebhookEndpoint endpoint) => new()
    {
        Id = ids.NewDeliveryId(),
        MessageId = message.Id,
        EndpointId = endpoint.Id,
        Status = DeliveryStatus.Canceled,
        Reason = DeliveryStatusReason.ByUser,
    };
}
