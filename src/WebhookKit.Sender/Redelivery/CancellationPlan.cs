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
        [.. messages.SelectMany(message => Plan(message, endpoints))];

    private List<NewDelivery> Plan(WebhookMessage message, IReadOnlyList<WebhookEndpoint> endpoints)
    {
        var made = new List<NewDelivery>();
        FilteredPayload? payload = null;
        try
        {
            foreach (var endpoint in endpoints)
            {
                if (_filters.Wants(endpoint, message, ref payload) != false)
                {
                    made.Add(Cancel(message, endpoint));
                }
            }
        }
        finally
        {
            payload?.Dispose();
        }

        return made;
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
