namespace WebhookKit.Deliveries;

/// <summary>Begins new cycles of deliveries that have ended.</summary>
/// <remarks>Every method is one short transaction of its own and safe to call from any number of nodes at once.</remarks>
public interface IRedeliveryStore
{
    /// <summary>Counts what is selected; where the selection does not say until when, the store's own time bounds it from then on.</summary>
    ValueTask<RedeliveryPreview> PreviewAsync(RedeliverySelection selection, CancellationToken cancellationToken);

    /// <summary>Makes selected deliveries pending and due now, those first that ended first.</summary>
    /// <remarks>
    /// Their attempts count anew, beside those recorded before, and they keep no order. What has been made pending is not
    /// selected any more, so that the call is repeated until it has nothing left.
    /// </remarks>
    /// <param name="selection">With an <see cref="RedeliverySelection.Until"/>, without which what fails again would be selected again.</param>
    /// <param name="maxDeliveries">At most so many in this call.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>How many; fewer than <paramref name="maxDeliveries"/> means that none remain.</returns>
    ValueTask<int> RedeliverAsync(RedeliverySelection selection, int maxDeliveries, CancellationToken cancellationToken);
}
