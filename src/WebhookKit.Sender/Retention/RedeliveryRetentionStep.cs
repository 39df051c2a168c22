using System.Runtime.CompilerServices;
using Microsoft.Extensions.Options;

namespace WebhookKit.Retention;

/// <summary>Deletes redeliveries that ended long ago.</summary>
internal sealed class RedeliveryRetentionStep(
    IOptions<WebhooksOptions> options, IOptions<SenderOptions> sender, IRetentionStore? store = null) : IRetentionStep
{
    public string Name => "redeliveries";

    public async IAsyncEnumerable<int> RunAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var retention = options.Value.Retention;
        var deleted = 0;
        do
        {
            deleted = store is null || sender.Value.IsDispatcherDisabled || retention.Succeeded is not { } olderThan
                ? 0
                : await store.DeleteRedeliveriesAsync(olderThan, retention.BatchSize, cancellationToken).ConfigureAwait(false);
            yield return deleted;
        }
        while (deleted > 0);
    }
}
