using WebhookKit.Deliveries;

namespace WebhookKit.InMemory.Deliveries;

/// <summary>Redelivery in memory.</summary>
internal sealed class InMemoryRedeliveryStore(SenderState state, TimeProvider timeProvider) : IRedeliveryStore
{
    public ValueTask<RedeliveryPreview> PreviewAsync(RedeliverySelection selection, CancellationToken cancellationToken)
    {
        lock (state.Gate)
        {
            var bounded = selection with { Until = selection.Until ?? timeProvider.GetUtcNow() };
            return ValueTask.FromResult(new RedeliveryPreview(Select(bounded).Count(), bounded));
        }
    }

    public ValueTask<int> RedeliverAsync(RedeliverySelection selection, int maxDeliveries, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        lock (state.Gate)
        {
            var now = timeProvider.GetUtcNow();
            DeliveryRow[] chosen = [.. Select(selection).OrderBy(row => row.DueAt).Take(maxDeliveries)];
            foreach (var row in chosen)
            {
                row.BeginAnew(now);
                state.Deliveries.PutBack(row);
                state.Messages.Find(row.MessageId)!.PendingDeliveries++;
            }

            return ValueTask.FromResult(chosen.Length);
        }
    }

    private IEnumerable<DeliveryRow> Select(RedeliverySelection selection) =>
        (selection.MessageId is { } messageId ? state.Messages.Find(messageId)?.Deliveries ?? [] : state.Deliveries.All).Where(row =>
            (selection.Status is { } status
                ? row.Status == status
                : row.Status is DeliveryStatus.Succeeded or DeliveryStatus.DeadLettered or DeliveryStatus.Skipped)
            && (selection.EndpointId is null || row.EndpointId == selection.EndpointId)
            && (selection.Since is null || row.DueAt >= selection.Since)
            && (selection.Until is null || row.DueAt < selection.Until)
            && state.Endpoints.Find(row.EndpointId) is { Status: not EndpointStatus.Disabled }
            && state.Messages.Find(row.MessageId) is { ErasedAt: null });
}
