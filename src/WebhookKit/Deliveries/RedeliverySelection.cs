using WebhookKit.Deliveries;

namespace WebhookKit;

/// <summary>Which deliveries a person wants to be sent again.</summary>
/// <remarks>
/// Of them only what can be sent is chosen: no endpoint that is disabled or deleted, no message that was erased, nothing
/// that is still pending or was canceled.
/// </remarks>
public sealed record RedeliverySelection
{
    private RedeliverySelection()
    {
    }

    /// <summary>The one message, or <see langword="null"/>.</summary>
    public MessageId? MessageId { get; private init; }

    /// <summary>The one endpoint, or <see langword="null"/>: every endpoint that has a delivery of the message.</summary>
    public EndpointId? EndpointId { get; private init; }

    /// <summary>The one status, or <see langword="null"/>: succeeded, dead-lettered and skipped ones.</summary>
    public DeliveryStatus? Status { get; private init; }

    /// <summary>Only those that ended at this instant or later, by the store's clock.</summary>
    public DateTimeOffset? Since { get; private init; }

    /// <summary>Only those that ended before this instant, by the store's clock.</summary>
    /// <value>Default: <see langword="null"/>, what has ended when the redelivery begins. To go on after a crash, say the one that a preview gave.</value>
    public DateTimeOffset? Until { get; init; }

    /// <summary>A message, to one endpoint or to all that have a delivery of it, whether it was delivered or not.</summary>
    public static RedeliverySelection OfMessage(MessageId messageId, EndpointId? endpointId = null) =>
        new() { MessageId = messageId, EndpointId = endpointId };

    /// <summary>Everything to an endpoint that was dead-lettered since an instant.</summary>
    public static RedeliverySelection FailedSince(EndpointId endpointId, DateTimeOffset since) =>
        new() { EndpointId = endpointId, Status = DeliveryStatus.DeadLettered, Since = since };

    /// <summary>Everything to an endpoint that was skipped, for example while it was disabled.</summary>
    /// <param name="endpointId">The endpoint, which has to be enabled or paused by now.</param>
    /// <param name="since">Only what was skipped since this instant; everything when omitted.</param>
    public static RedeliverySelection Skipped(EndpointId endpointId, DateTimeOffset? since = null) =>
        new() { EndpointId = endpointId, Status = DeliveryStatus.Skipped, Since = since };
}
