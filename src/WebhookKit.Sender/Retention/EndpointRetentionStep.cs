using System.Runtime.CompilerServices;
using Microsoft.Extensions.Options;

namespace WebhookKit.Retention;

/// <summary>Deletes what is left of endpoints that were deleted long ago, after the last of their deliveries.</summary>
internal sealed class EndpointRetentionStep(
    IOptions<WebhooksOptions> options, IOptions<SenderOptions> sender, IRetentionStore? store = null) : IRetentionStep
{
    public string Name => "rows of deleted endpoints";

    public async IAsyncEnumerable<int> RunAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var retention = options.Value.Retention;
        if (store is null || sender.Value.IsDispatcherDisabled || AgeOfTheLast(retention) is not { } olderThan)
        {
            yield break;
        }

        EndpointId? after = null;
        do
        {
            var batch = await store.DeleteEndpointsAsync(olderThan, after, retention.BatchSize, cancellationToken).ConfigureAwait(false);
            yield return batch.Deleted;
            after = batch.Next;
        }
        while (after is not null);
    }

    // A younger one may have deliveries that are kept still: it would be looked for among all of them, in vain.
    private static TimeSpan? AgeOfTheLast(RetentionOptions retention)
    {
        TimeSpan?[] ages =
            [retention.DeletedEndpoints, retention.Succeeded, retention.DeadLettered, retention.Skipped, retention.Canceled];
        return ages.Contains(null) ? null : ages.Max();
    }
}
