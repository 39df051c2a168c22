using System.Runtime.CompilerServices;
using Microsoft.Extensions.Options;

namespace WebhookKit.Retention;

/// <summary>Deletes messages that nothing needs any more, walking from the oldest on.</summary>
internal sealed class MessageRetentionStep(
    IOptions<WebhooksOptions> options, IOptions<SenderOptions> sender, IRetentionStore? store = null) : IRetentionStep
{
    public string Name => "messages";

    public async IAsyncEnumerable<int> RunAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var retention = options.Value.Retention;
        if (store is null || sender.Value.IsDispatcherDisabled || retention.Messages is not { } olderThan)
        {
            yield break;
        }

        MessageId? after = null;
        do
        {
            var batch = await store.DeleteMessagesAsync(olderThan, after, retention.BatchSize, cancellationToken).ConfigureAwait(false);
            yield return batch.Deleted;
            after = batch.Next;
        }
        while (after is not null);
    }
}
