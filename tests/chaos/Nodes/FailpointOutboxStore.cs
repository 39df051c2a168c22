using WebhookKit.Chaos.Faults;
using WebhookKit.Outbox;
using WebhookKit.Rendering;

namespace WebhookKit.Chaos.Nodes;

/// <summary>Stands still after a fan-out that made leased deliveries when told to.</summary>
internal sealed class FailpointOutboxStore(IOutboxStore inner, Failpoint failpoint) : IOutboxStore
{
    public ValueTask<IReadOnlyList<MessageId>> AppendAsync(IReadOnlyList<WebhookMessage> messages, CancellationToken cancellationToken) =>
        inner.AppendAsync(messages, cancellationToken);

    public async ValueTask<FanOutResult> FanOutPendingAsync(int maxMessages, FanOutPlanner planner, CancellationToken cancellationToken) =>
        await PassAsync(await inner.FanOutPendingAsync(maxMessages, planner, cancellationToken));

    public async ValueTask<FanOutResult> FanOutCommittedAsync(
        IReadOnlyList<WebhookMessage> messages, FanOutPlanner planner, CancellationToken cancellationToken) =>
        await PassAsync(await inner.FanOutCommittedAsync(messages, planner, cancellationToken));

    public ValueTask<IReadOnlyList<WebhookMessage>> GetMessagesAsync(IReadOnlyCollection<MessageId> ids, CancellationToken cancellationToken) =>
        inner.GetMessagesAsync(ids, cancellationToken);

    public ValueTask<IReadOnlyList<MessageRendering>> GetRenderingsAsync(
        IReadOnlyCollection<MessageId> messageIds, CancellationToken cancellationToken) =>
        inner.GetRenderingsAsync(messageIds, cancellationToken);

    public ValueTask AddRenderingsAsync(IReadOnlyList<MessageRendering> renderings, CancellationToken cancellationToken) =>
        inner.AddRenderingsAsync(renderings, cancellationToken);

    public ValueTask<MessageId?> GetDuplicateOfAsync(MessageId id, CancellationToken cancellationToken) =>
        inner.GetDuplicateOfAsync(id, cancellationToken);

    private async ValueTask<FanOutResult> PassAsync(FanOutResult result)
    {
        if (result.Deliveries.Any(delivery => delivery.LeaseId is not null))
        {
            await failpoint.PassAsync(FaultNames.NameOf(Fault.AfterLease));
        }

        return result;
    }
}
