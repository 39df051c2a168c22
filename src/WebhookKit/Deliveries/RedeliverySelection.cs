using WebhookKit.Deliveries;

namespace WebhookKit;

/// <summary>Which deliveries a person wants to be sent again.</summary>
/// <remarks>
/// Of them only what can be sent is chosen: no endpoint that is disabled or deleted, no message that was erased, nothing that
/// was canceled or still waits for its first attempt.
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

    /// <summary>Whether it is the endpoints of one tenant, <see cref="TenantId"/>, or those without a tenant.</summary>
    public bool IsOfTenant { get; private init; }

    /// <summary>The tenant, where <see cref="IsOfTenant"/>.</summary>
    public string? TenantId { get; private init; }

    /// <summary>The one status, or <see langword="null"/>: succeeded, dead-lettered and skipped ones, and those that are being retried.</summary>
    public DeliveryStatus? Status { get; private init; }

    /// <summary>Only those that ended at this instant or later, by the store's clock.</summary>
    public DateTimeOffset? Since { get; private init; }

    /// <summary>Only those that ended before this instant, by the store's clock.</summary>
    /// <value>Default: <see langword="null"/>, what has ended when it is previewed or begins.</value>
    public DateTimeOffset? Until { get; init; }

    /// <summary>A message, to one endpoint or to all that have a delivery of it, whether it was delivered or not.</summary>
    /// <remarks>
    /// A delivery that waits for a retry begins anew at once; one that is just being attempted does so only if that attempt fails,
    /// for the receiver is not to get twice what it may be accepting.
    /// </remarks>
    public static RedeliverySelection OfMessage(MessageId messageId, EndpointId? endpointId = null) =>
        new() { MessageId = messageId, EndpointId = endpointId };

    /// <summary>Everything to an endpoint that was dead-lettered since an instant.</summary>
    public static RedeliverySelection FailedSince(EndpointId endpointId, DateTimeOffset since) =>
        new() { EndpointId = endpointId, Status = DeliveryStatus.DeadLettered, Since = since };

    /// <summary>Everything to the endpoints of a tenant that was dead-lettered since an instant, as after an outage of one's own.</summary>
    /// <param name="tenantId">The tenant, or <see langword="null"/>: the endpoints without one.</param>
    /// <param name="since">The instant, by the store's clock.</param>
    public static RedeliverySelection FailedSinceOfTenant(string? tenantId, DateTimeOffset since) =>
        new() { IsOfTenant = true, TenantId = tenantId, Status = DeliveryStatus.DeadLettered, Since = since };

    /// <summary>Everything to an endpoint that was skipped, for example while it was disabled.</summary>
    /// <param name="endpointId">The endpoint, which has to be enabled or paused by now.</param>
    /// <param name="since">Only what was skipped since this instant; everything when omitted.</param>
    public static RedeliverySelection Skipped(EndpointId endpointId, DateTimeOffset? since = null) =>
        new() { EndpointId = endpointId, Status = DeliveryStatus.Skipped, Since = since };
}
