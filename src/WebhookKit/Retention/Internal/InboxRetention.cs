using System.Runtime.CompilerServices;
using Microsoft.Extensions.Options;
using WebhookKit.Inbox;

namespace WebhookKit.Retention.Internal;

/// <summary>Deletes received events that are handled, erased or dead-lettered.</summary>
internal sealed class InboxRetention(IOptions<WebhooksOptions> options, IRetentionStore? store = null) : IRetentionStep
{
    public string Name => "inbox entries";

    public async IAsyncEnumerable<int> RunAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var retention = options.Value.Retention;
        (InboxStatus Status, TimeSpan? Age)[] kept =
        [
            (InboxStatus.Handled, retention.HandledEvents),
            (InboxStatus.Erased, retention.HandledEvents),
            (InboxStatus.Discarded, retention.HandledEvents),
            (InboxStatus.DeadLettered, retention.DeadLetteredEvents),
        ];
        foreach (var (status, age) in kept)
        {
            var deleted = 0;
            do
            {
                deleted = store is null || age is not { } olderThan
                    ? 0
                    : await store.DeleteInboxEntriesAsync(status, olderThan, retention.BatchSize, cancellationToken).ConfigureAwait(false);
                yield return deleted;
            }
            while (deleted > 0);
        }
    }
}
