using Microsoft.Extensions.Logging;
using WebhookKit.Deliveries;
using WebhookKit.Identifiers;
using WebhookKit.Publishing;

namespace WebhookKit.Redelivery;

/// <summary>Has the store cancel, and wakes whoever waits behind what was canceled.</summary>
internal sealed class WebhookCancellation(
    ICancellationStore store, IdGenerator ids, DispatchSignal signal, ILogger<WebhookCancellation> logger) : IWebhookCancellation
{
    private readonly CancellationPlan _plan = new(ids);

    public async ValueTask<CancellationResult> CancelAsync(MessageId id, CancellationToken cancellationToken = default)
    {
        if (await store.CancelAsync(id, _plan.Plan, cancellationToken).ConfigureAwait(false) is not var (canceled, alreadyFinal))
        {
            return new CancellationResult(CancellationStatus.NotFound);
        }

        if (canceled == 0)
        {
            return new CancellationResult(CancellationStatus.NothingPending, AlreadyFinal: alreadyFinal);
        }

        logger.MessageCanceled(id, canceled, alreadyFinal);
        signal.WakeFor(WaitingWork.Deliveries);
        signal.WakeOthers(WaitingWork.Deliveries);
        return new CancellationResult(CancellationStatus.Canceled, canceled, alreadyFinal);
    }
}
