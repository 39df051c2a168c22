using WebhookKit.Deliveries;
using WebhookKit.Erasure;
using WebhookKit.Inbox;
using WebhookKit.InMemory.Deliveries;
using WebhookKit.InMemory.Handshakes;
using WebhookKit.InMemory.Inbox;
using WebhookKit.InMemory.Outbox;

namespace WebhookKit.InMemory.Erasure;

/// <summary>Erases content in memory.</summary>
internal sealed class InMemoryErasureStore(
    SenderState state, InboxTable inbox, InMemorySourceSecretStore sourceSecrets, TimeProvider timeProvider) : IErasureStore
{
    public ValueTask<ErasureProgress> EraseMessageAsync(MessageId id, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        return ValueTask.FromResult(
            Erase(messages => messages.All.Where(row => row.Message.Id == id || row.DuplicateOf == id)).Erased);
    }

    public ValueTask<ErasureBatch> EraseMessagesAsync(string tenantId, int maxMessages, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var (erased, count) = Erase(messages =>
            messages.All.Where(row => row.Message.TenantId == tenantId && row.ErasedAt is null).Take(maxMessages));
        return ValueTask.FromResult(new ErasureBatch(erased, HasMore: count == maxMessages));
    }

    public ValueTask<ErasureBatch> EraseInboxEntriesAsync(string tenantId, int maxEntries, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        lock (inbox.Gate)
        {
            InboxRow[] rows =
            [
                .. inbox.Rows.Values.Where(row => row.Entry.Claim.TenantId == tenantId && !row.IsErased).Take(maxEntries),
            ];
            Array.ForEach(rows, Erase);
            return ValueTask.FromResult(new ErasureBatch(new ErasureProgress(InboxEntries: rows.Length), rows.Length == maxEntries));
        }
    }

    public ValueTask<int> EraseEndpointsAsync(string tenantId, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        sourceSecrets.RemoveTenant(tenantId);
        lock (state.Gate)
        {
            WebhookEndpoint[] endpoints = [.. state.Endpoints.All.Where(endpoint => endpoint.TenantId == tenantId)];
            foreach (var endpoint in endpoints)
            {
                state.Endpoints.Erase(endpoint, timeProvider.GetUtcNow());
                state.Registry.Erase(endpoint.Id);
            }

            return ValueTask.FromResult(endpoints.Count(endpoint => endpoint.StatusReason != EndpointStatusReason.Erased));
        }
    }

    public ValueTask<DateTimeOffset?> GetErasedAtAsync(MessageId id, CancellationToken cancellationToken)
    {
        lock (state.Gate)
        {
            return ValueTask.FromResult(state.Messages.Find(id)?.ErasedAt);
        }
    }

    private (ErasureProgress Erased, int Count) Erase(Func<MessageTable, IEnumerable<MessageRow>> choose)
    {
        MessageRow[] rows;
        var progress = default(ErasureProgress);
        lock (state.Gate)
        {
            rows = [.. choose(state.Messages)];
            var now = timeProvider.GetUtcNow();
            foreach (var row in rows)
            {
                progress = progress.Add(new ErasureProgress(
                    Messages: row.ErasedAt is null ? 1 : 0,
                    CanceledDeliveries: row.Deliveries.Count(delivery => Cancel(delivery, now))));
                state.Messages.Erase(row, now);
            }
        }

        lock (inbox.Gate)
        {
            var ids = rows.Select(row => row.Message.Id.ToString()).ToHashSet(StringComparer.Ordinal);
            InboxRow[] copies = [.. inbox.Rows.Values.Where(row => ids.Contains(row.Entry.Claim.Key) && !row.IsErased)];
            Array.ForEach(copies, Erase);
            return (progress.Add(new ErasureProgress(InboxEntries: copies.Length)), rows.Length);
        }
    }

    private bool Cancel(DeliveryRow delivery, DateTimeOffset now)
    {
        delivery.EraseAttempts();
        if (delivery.Status == DeliveryStatus.Pending)
        {
            state.End(delivery, DeliveryStatus.Canceled, DeliveryStatusReason.Erased, now);
            return true;
        }

        if (delivery.Status == DeliveryStatus.Skipped)
        {
            delivery.End(DeliveryStatus.Canceled, DeliveryStatusReason.Erased, now);
            return true;
        }

        return false;
    }

    private void Erase(InboxRow row)
    {
        if (row.Status == InboxStatus.Pending)
        {
            inbox.RemovePending(row);
            row.Status = InboxStatus.Erased;
            row.LeaseId = null;
            row.DueAt = timeProvider.GetUtcNow();
            inbox.Finish(row);
        }

        row.Erase();
    }
}
