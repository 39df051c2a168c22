using WebhookKit.Deliveries;
using WebhookKit.Inbox;

namespace WebhookKit.Retention;

/// <summary>Deletes what is finished and old enough, in batches; claims are deleted by the claim store.</summary>
/// <remarks>
/// Every method is one short transaction of its own, and what it deletes it has found to be finished in that very
/// transaction: any number of nodes may call it at once, and a crash loses nothing but the place of the walk, which
/// begins again with the oldest. Ages go by the store's own clock.
/// </remarks>
public interface IRetentionStore
{
    /// <summary>Deletes finished deliveries together with their attempts. A delivery that is pending is never deleted.</summary>
    /// <param name="retention">How long they are kept after they were finished.</param>
    /// <param name="after">Where the previous batch ended; <see langword="null"/> begins with the oldest.</param>
    /// <param name="maxDeliveries">At most so many are looked at; a store may look at fewer.</param>
    /// <param name="cancellationToken">Gives up; nothing is deleted.</param>
    ValueTask<RetentionBatch<DeliveryId>> DeleteDeliveriesAsync(
        DeliveryRetention retention, DeliveryId? after, int maxDeliveries, CancellationToken cancellationToken);

    /// <summary>Deletes messages that no delivery, outbox row or duplicate needs.</summary>
    /// <param name="olderThan">How long they are kept after their publishing.</param>
    /// <param name="after">Where the previous batch ended; <see langword="null"/> begins with the oldest.</param>
    /// <param name="maxMessages">At most so many are looked at; a store may look at fewer.</param>
    /// <param name="cancellationToken">Gives up; nothing is deleted.</param>
    ValueTask<RetentionBatch<MessageId>> DeleteMessagesAsync(
        TimeSpan olderThan, MessageId? after, int maxMessages, CancellationToken cancellationToken);

    /// <summary>Deletes idempotency keys whose memory has passed.</summary>
    /// <returns>How many were deleted; zero means that none remain.</returns>
    ValueTask<int> DeleteExpiredKeysAsync(int maxKeys, CancellationToken cancellationToken);

    /// <summary>Deletes redeliveries that have ended.</summary>
    /// <param name="olderThan">How long they are kept after that.</param>
    /// <param name="maxRedeliveries">At most so many in this call.</param>
    /// <param name="cancellationToken">Gives up; nothing is deleted.</param>
    /// <returns>How many were deleted; zero means that none remain.</returns>
    ValueTask<int> DeleteRedeliveriesAsync(TimeSpan olderThan, int maxRedeliveries, CancellationToken cancellationToken);

    /// <summary>Deletes what is left of endpoints that were deleted, or erased with their tenant, once no delivery of theirs is left.</summary>
    /// <remarks>
    /// Declared endpoints are kept. An endpoint of which nothing is left counts as deleted everywhere: what a fan-out that had read
    /// it before still makes for it is found by <see cref="IDeliveryStore.SweepAsync"/> and canceled. Whether deliveries are left is
    /// found out by reading those that are about as old as what is asked for, or older; ask for no less than they are kept.
    /// </remarks>
    /// <param name="olderThan">How long it is kept after that.</param>
    /// <param name="after">Where the previous batch ended; <see langword="null"/> begins with the first.</param>
    /// <param name="maxEndpoints">At most so many are looked at; a store may look at fewer.</param>
    /// <param name="cancellationToken">Gives up; nothing is deleted.</param>
    ValueTask<RetentionBatch<EndpointId>> DeleteEndpointsAsync(
        TimeSpan olderThan, EndpointId? after, int maxEndpoints, CancellationToken cancellationToken);

    /// <summary>Deletes inbox entries of a final status.</summary>
    /// <param name="status">The status; with <see cref="InboxStatus.Pending"/> nothing is deleted.</param>
    /// <param name="olderThan">How long they are kept after they were finished.</param>
    /// <param name="maxEntries">At most so many in this call.</param>
    /// <param name="cancellationToken">Gives up; nothing is deleted.</param>
    /// <returns>How many were deleted; zero means that none remain.</returns>
    ValueTask<int> DeleteInboxEntriesAsync(
        InboxStatus status, TimeSpan olderThan, int maxEntries, CancellationToken cancellationToken);
}
