namespace WebhookKit.Deliveries;

/// <summary>Keeps redeliveries, and begins new cycles of the deliveries that they select.</summary>
/// <remarks>
/// Every method is one short transaction of its own and safe to call from any number of nodes at once. What a redelivery
/// still has to do can be told from the store alone, so that whoever comes next goes on where a node that died has stopped.
/// </remarks>
public interface IRedeliveryStore
{
    /// <summary>Counts what is selected; where the selection does not say until when, the store's own time bounds it from then on.</summary>
    ValueTask<RedeliveryPreview> PreviewAsync(RedeliverySelection selection, CancellationToken cancellationToken);

    /// <summary>Stores a redelivery, to be carried out by <see cref="ContinueAsync"/>.</summary>
    /// <remarks>
    /// Of a message it also remembers the deliveries that are being attempted or wait for a retry at this moment: should such an
    /// attempt fail, or have failed, the delivery begins anew.
    /// </remarks>
    /// <param name="id">Its id.</param>
    /// <param name="selection">What is sent again; bounded as by <see cref="PreviewAsync"/>.</param>
    /// <param name="maxPerSecond">How many fall due in a second, over all nodes.</param>
    /// <param name="cancellationToken">Gives up; nothing is stored.</param>
    ValueTask BeginAsync(RedeliveryId id, RedeliverySelection selection, int maxPerSecond, CancellationToken cancellationToken);

    /// <summary>
    /// Carries out the next part of the redelivery that has waited longest for it, if one may go on: makes selected deliveries
    /// pending and due now, those first that ended first, and notes in the same transaction how far it has come.
    /// </summary>
    /// <remarks>Their attempts count anew, beside those recorded before, and what had ended keeps no order.</remarks>
    /// <param name="maxDeliveries">At most so many in this call; a store may do fewer.</param>
    /// <param name="cancellationToken">Gives up; nothing is done.</param>
    ValueTask<RedeliveryStep> ContinueAsync(int maxDeliveries, CancellationToken cancellationToken);

    /// <summary>Reads how far a redelivery has come; <see langword="null"/> when there is none.</summary>
    ValueTask<RedeliveryProgress?> FindAsync(RedeliveryId id, CancellationToken cancellationToken);

    /// <summary>Ends a redelivery before it is through; what it has made pending stays so.</summary>
    /// <returns><see langword="false"/> when there is none, or it has ended.</returns>
    ValueTask<bool> CancelAsync(RedeliveryId id, CancellationToken cancellationToken);
}
