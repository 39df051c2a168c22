using WebhookKit.Inbox;
using WebhookKit.InMemory.Deliveries;
using WebhookKit.InMemory.Inbox;
using WebhookKit.InMemory.Outbox;
using WebhookKit.Retention;

namespace WebhookKit.InMemory.Retention;

/// <summary>Deletes what is finished from memory; every batch looks from the beginning, for nothing is read to do so.</summary>
internal sealed class InMemoryRetentionStore(SenderState state, InboxTable inbox, TimeProvider timeProvider) : IRetentionStore
{
    public ValueTask<RetentionBatch<DeliveryId>> DeleteDeliveriesAsync(
        DeliveryRetention retention, DeliveryId? after, int maxDeliveries, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        lock (state.Gate)
        {
            var now = timeProvider.GetUtcNow();
            DeliveryRow[] old =
            [
                .. state.Deliveries.All.Where(row => row.DueAt <= now - retention.Of(row.Status)).Take(maxDeliveries),
            ];
            foreach (var row in old)
            {
                state.Deliveries.Remove(row);
                state.Messages.Find(row.MessageId)?.Deliveries.Remove(row);
            }

            return ValueTask.FromResult(new RetentionBatch<DeliveryId>(
                old.Length, old.Length == maxDeliveries ? old[^1].Id : null));
        }
    }

    public ValueTask<RetentionBatch<MessageId>> DeleteMessagesAsync(
        TimeSpan olderThan, MessageId? after, int maxMessages, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        lock (state.Gate)
        {
            var before = timeProvider.GetUtcNow() - olderThan;
            var originals = state.Messages.All.Select(row => row.DuplicateOf).OfType<MessageId>().ToHashSet();
            MessageRow[] unneeded =
            [
                .. state.Messages.All.Where(row => row.StoredAt <= before
                    && row.Deliveries.Count == 0
                    && !row.IsWaiting
                    && !originals.Contains(row.Message.Id)).Take(maxMessages),
            ];
            state.Messages.Delete(unneeded);
            return ValueTask.FromResult(new RetentionBatch<MessageId>(
                unneeded.Length, unneeded.Length == maxMessages ? unneeded[^1].Message.Id : null));
        }
    }

    public ValueTask<int> DeleteExpiredKeysAsync(int maxKeys, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        lock (state.Gate)
        {
            return ValueTask.FromResult(state.Messages.Keys.Forget(timeProvider.GetUtcNow(), maxKeys));
        }
    }

    public ValueTask<int> DeleteRedeliveriesAsync(TimeSpan olderThan, int maxRedeliveries, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        lock (state.Gate)
        {
            var before = timeProvider.GetUtcNow() - olderThan;
            RedeliveryId[] old =
                [.. state.Redeliveries.Where(row => row.Value.Progress.EndedAt <= before).Select(row => row.Key).Take(maxRedeliveries)];
            return ValueTask.FromResult(old.Count(state.Redeliveries.Remove));
        }
    }

    public ValueTask<RetentionBatch<EndpointId>> DeleteEndpointsAsync(
        TimeSpan olderThan, EndpointId? after, int maxEndpoints, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        lock (state.Gate)
        {
            var before = timeProvider.GetUtcNow() - olderThan;
            var needed = state.Deliveries.All.Select(row => row.EndpointId).ToHashSet();
            EndpointId[] unneeded =
            [
                .. state.Endpoints.DeletedAt
                    .Where(entry => entry.Value <= before && !entry.Key.IsDeclared && !needed.Contains(entry.Key))
                    .Select(entry => entry.Key)
                    .Take(maxEndpoints),
            ];
            foreach (var id in unneeded)
            {
                state.Endpoints.Forget(id);
                state.Registry.Delete(id);
            }

            return ValueTask.FromResult(new RetentionBatch<EndpointId>(
                unneeded.Length, unneeded.Length == maxEndpoints ? unneeded[^1] : null));
        }
    }

    public ValueTask<int> DeleteInboxEntriesAsync(
        InboxStatus status, TimeSpan olderThan, int maxEntries, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        lock (inbox.Gate)
        {
            var before = timeProvider.GetUtcNow() - olderThan;
            var old = inbox.Rows.Values
                .Where(row => row.Status == status && row.Status != InboxStatus.Pending && row.DueAt <= before)
                .Take(maxEntries)
                .ToHashSet();
            inbox.Delete(old);
            return ValueTask.FromResult(old.Count);
        }
    }
}
