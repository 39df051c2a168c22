using WebhookKit.Deliveries;

namespace WebhookKit.EntityFrameworkCore.Deliveries;

/// <summary>The pending deliveries of one endpoint with one ordering key: the first may be sent, the others wait.</summary>
internal readonly record struct OrderingLine(EndpointId EndpointId, string Key)
{
    /// <summary>The lines whose first delivery has gone, or stands aside.</summary>
    public static OrderingLine[] LeftBy(IEnumerable<DeliveryCompletion> completions) =>
    [
        .. completions
            .Where(completion => completion.Delivery.OrderingKey is not null
                && (completion.Status != DeliveryStatus.Pending || completion.LetsNextPass))
            .Select(completion => new OrderingLine(completion.Delivery.EndpointId, completion.Delivery.OrderingKey!))
            .Distinct()
            .OrderBy(line => line.EndpointId)
            .ThenBy(line => line.Key, StringComparer.Ordinal),
    ];
}
