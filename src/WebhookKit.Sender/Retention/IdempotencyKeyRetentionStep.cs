using System.Runtime.CompilerServices;
using Microsoft.Extensions.Options;

namespace WebhookKit.Retention;

/// <summary>Deletes idempotency keys whose memory has passed.</summary>
internal sealed class IdempotencyKeyRetentionStep(
    IOptions<WebhooksOptions> options, IOptions<SenderOptions> sender, IRetentionStore? store = null) : IRetentionStep
{
    public string Name => "idempotency keys";

    public async IAsyncEnumerable<int> RunAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var deleted = 0;
        do
        {
            deleted = store is null || sender.Value.IsDispatcherDisabled
                ? 0
                : await store.DeleteExpiredKeysAsync(options.Value.Retention.BatchSize, cancellationToken).ConfigureAwait(false);
            yield return deleted;
        }
        while (deleted > 0);
    }
}
