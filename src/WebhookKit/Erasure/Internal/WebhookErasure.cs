using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace WebhookKit.Erasure.Internal;

/// <summary>Erases batch by batch; all that it remembers is in the store.</summary>
internal sealed class WebhookErasure(
    IErasureStore store, IOptions<WebhooksOptions> options, TimeProvider timeProvider, ILogger<WebhookErasure> logger) : IWebhookErasure
{
    public async ValueTask<bool> EraseMessageAsync(MessageId id, CancellationToken cancellationToken)
    {
        var erased = await store.EraseMessageAsync(id, cancellationToken).ConfigureAwait(false);
        if (erased.Messages > 0)
        {
            logger.MessageErased(id, erased.CanceledDeliveries, erased.InboxEntries);
        }

        return await store.GetErasedAtAsync(id, cancellationToken).ConfigureAwait(false) is not null;
    }

    public async Task<ErasureProgress> EraseTenantAsync(
        string tenantId, IProgress<ErasureProgress>? progress, CancellationToken cancellationToken)
    {
        ArgumentException.ThrowIfNullOrEmpty(tenantId);
        var batchSize = options.Value.Retention.BatchSize;

        // Endpoints first: from then on nothing is leased for them.
        var endpoints = await store.EraseEndpointsAsync(tenantId, cancellationToken).ConfigureAwait(false);
        var done = new ErasureProgress(Endpoints: endpoints);
        progress?.Report(done);
        await EraseAllAsync(() => store.EraseMessagesAsync(tenantId, batchSize, cancellationToken)).ConfigureAwait(false);
        await EraseAllAsync(() => store.EraseInboxEntriesAsync(tenantId, batchSize, cancellationToken)).ConfigureAwait(false);
        logger.TenantErased(done.Messages, done.CanceledDeliveries, done.InboxEntries, done.Endpoints);
        return done;

        async Task EraseAllAsync(Func<ValueTask<ErasureBatch>> eraseBatch)
        {
            ErasureBatch batch;
            do
            {
                var began = timeProvider.GetTimestamp();
                batch = await eraseBatch().ConfigureAwait(false);
                done = done.Add(batch.Erased);
                progress?.Report(done);
                await Task.Delay(timeProvider.GetElapsedTime(began), timeProvider, cancellationToken).ConfigureAwait(false);
            }
            while (batch.HasMore);
        }
    }
}
