using WebhookKit.Outbox;

namespace WebhookKit.Deliveries;

/// <summary>Cancels what is still to be sent of a message.</summary>
public interface ICancellationStore
{
    /// <summary>Cancels the pending deliveries of a message, as <see cref="DeliveryStatusReason.ByUser"/>, in one transaction.</summary>
    /// <remarks>
    /// A message that waits in the outbox is taken from it and its deliveries are made already canceled; one that another node is just
    /// fanning out is waited for. A lease is void: the attempt under way is recorded as late and changes nothing any more.
    /// </remarks>
    /// <param name="id">The message.</param>
    /// <param name="planner">Makes canceled deliveries for a message that has none yet.</param>
    /// <param name="cancellationToken">Gives up; nothing is canceled.</param>
    /// <returns><see langword="null"/> when there is no such message.</returns>
    ValueTask<CanceledDeliveries?> CancelAsync(MessageId id, FanOutPlanner planner, CancellationToken cancellationToken);
}
