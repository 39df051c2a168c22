using System.Runtime.CompilerServices;
using Microsoft.Extensions.Options;

namespace WebhookKit.Retention;

/// <summary>Deletes finished deliveries with their attempts, walking from the oldest on.</summary>
internal sealed class DeliveryRetentionStep(
    IOptions<WebhooksOptions> options, IOptions<SenderOptions> sender, IRetentionStore? store = null) : IRetentionStep
{
    public string Name => "deliveries";

    public async IAsyncEnumerable<int> RunAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        if (store is null || sender.Value.IsDispatcherDisabled)
        {
            yield break;
        }

        var retention = options.Value.Retention;
        var kept = new DeliveryRetention(retention.Succeeded, retention.DeadLettered, retention.Skipped, retention.Canceled);
        DeliveryId? after = null;
        do
        {
            var batch = await store.DeleteDeliveriesAsync(kept, after, retention.BatchSize, cancellationToken).ConfigureAwait(false);
            yield return batch.Deleted;
            after = batch.Next;
        }
        while (after is not null);
    }
}
