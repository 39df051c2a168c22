namespace WebhookKit.Erasure;

/// <summary>Erases content in batches; see <see cref="IWebhookErasure"/> for what is erased and what is kept.</summary>
/// <remarks>
/// Every method is one short transaction of its own and safe to call from any number of nodes at once. A message is
/// erased together with everything that hangs on it: it is taken out of the outbox, its pending and skipped deliveries
/// are canceled as <see cref="Deliveries.DeliveryStatusReason.Erased"/>, their leases are void, and its attempts keep
/// only their outcome. An erased message is read by nobody any more.
/// </remarks>
public interface IErasureStore
{
    /// <summary>Erases a message with the messages that name it as the one they duplicate, and copies in the inbox whose key is its id.</summary>
    /// <remarks>Erasing it again erases what has come in since.</remarks>
    ValueTask<ErasureProgress> EraseMessageAsync(MessageId id, CancellationToken cancellationToken);

    /// <summary>Erases messages of a tenant that are not erased yet, oldest first.</summary>
    ValueTask<ErasureBatch> EraseMessagesAsync(string tenantId, int maxMessages, CancellationToken cancellationToken);

    /// <summary>Erases received events of a tenant that are not erased yet; those not yet handled will not be.</summary>
    ValueTask<ErasureBatch> EraseInboxEntriesAsync(string tenantId, int maxEntries, CancellationToken cancellationToken);

    /// <summary>Disables every endpoint of a tenant as <see cref="EndpointStatusReason.Erased"/> and empties its URL.</summary>
    /// <returns>How many were not erased before.</returns>
    ValueTask<int> EraseEndpointsAsync(string tenantId, CancellationToken cancellationToken);

    /// <summary>Finds when a message was erased, by the store's clock; <see langword="null"/> when it is not erased or not there.</summary>
    ValueTask<DateTimeOffset?> GetErasedAtAsync(MessageId id, CancellationToken cancellationToken);
}
