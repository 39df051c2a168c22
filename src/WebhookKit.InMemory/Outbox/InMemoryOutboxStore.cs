using Microsoft.Extensions.Options;
using WebhookKit.Deliveries;
using WebhookKit.Endpoints;
using WebhookKit.Outbox;
using WebhookKit.Rendering;

namespace WebhookKit.InMemory.Outbox;

/// <summary>The outbox in memory.</summary>
internal sealed class InMemoryOutboxStore(SenderState state, TimeProvider timeProvider, IOptions<InMemoryStoreOptions> options)
    : IOutboxStore
{
    public ValueTask<IReadOnlyList<MessageId>> AppendAsync(
        IReadOnlyList<WebhookMessage> messages, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        lock (state.Gate)
        {
            var now = timeProvider.GetUtcNow();
            var (ids, fresh) = Resolve(messages, now);
            Store(fresh);
            foreach (var message in fresh)
            {
                state.Messages.Keys.Remember(message, now);
            }

            return ValueTask.FromResult<IReadOnlyList<MessageId>>(ids);
        }
    }

    public ValueTask<FanOutResult> FanOutPendingAsync(int maxMessages, FanOutPlanner planner, CancellationToken cancellationToken) =>
        FanOutAsync(() => [.. state.Messages.Outbox.Take(maxMessages)], planner, cancellationToken);

    public ValueTask<FanOutResult> FanOutCommittedAsync(
        IReadOnlyList<WebhookMessage> messages, FanOutPlanner planner, CancellationToken cancellationToken) =>
        FanOutAsync(
            () =>
            [
                .. messages
                    .Select(message => state.Messages.Find(message.Id))
                    .OfType<MessageRow>()
                    .Where(row => row.IsWaiting)
                    .Distinct(),
            ],
            planner,
            cancellationToken);

    public ValueTask<IReadOnlyList<WebhookMessage>> GetMessagesAsync(
        IReadOnlyCollection<MessageId> ids, CancellationToken cancellationToken)
    {
        lock (state.Gate)
        {
            return ValueTask.FromResult<IReadOnlyList<WebhookMessage>>(
                [.. ids.Distinct().Select(state.Messages.Find).OfType<MessageRow>().Where(row => row.ErasedAt is null).Select(row => row.Message)]);
        }
    }

    public ValueTask<IReadOnlyList<MessageRendering>> GetRenderingsAsync(
        IReadOnlyCollection<MessageId> messageIds, CancellationToken cancellationToken)
    {
        lock (state.Gate)
        {
            return ValueTask.FromResult<IReadOnlyList<MessageRendering>>(
                [.. messageIds.Distinct().Select(state.Messages.Find).OfType<MessageRow>().SelectMany(row => row.Renderings)]);
        }
    }

    public ValueTask AddRenderingsAsync(IReadOnlyList<MessageRendering> renderings, CancellationToken cancellationToken)
    {
        lock (state.Gate)
        {
            foreach (var rendering in renderings)
            {
                state.Messages.Find(rendering.MessageId)?.Add(rendering);
            }
        }

        return ValueTask.CompletedTask;
    }

    public ValueTask<MessageId?> GetDuplicateOfAsync(MessageId id, CancellationToken cancellationToken)
    {
        lock (state.Gate)
        {
            return ValueTask.FromResult(state.Messages.Find(id)?.DuplicateOf);
        }
    }

    /// <summary>Fans out one message that waits, whatever its ordering key.</summary>
    internal FanOutResult FanOut(MessageRow row, FanOutPlanner planner, CancellationToken cancellationToken) =>
        FanOut(() => [row], planner, cancellationToken);

    /// <summary>Stores messages without looking at their keys, as a host's transaction does in a database.</summary>
    internal void Capture(IReadOnlyList<WebhookMessage> messages)
    {
        lock (state.Gate)
        {
            Store(messages);
        }
    }

    private (MessageId[] Ids, List<WebhookMessage> Fresh) Resolve(IReadOnlyList<WebhookMessage> messages, DateTimeOffset now)
    {
        state.Messages.Keys.Forget(now);
        var ids = new MessageId[messages.Count];
        var fresh = new List<WebhookMessage>(messages.Count);
        var batch = new IdempotencyKeyTable();
        for (var i = 0; i < messages.Count; i++)
        {
            var message = messages[i];
            if ((state.Messages.Keys.Find(message) ?? batch.Find(message)) is { } first)
            {
                ids[i] = first.IsSameEvent(message)
                    ? first.MessageId
                    : throw new IdempotencyKeyReusedException(message.IdempotencyKey!, first.MessageId);
                continue;
            }

            ids[i] = message.Id;
            fresh.Add(message);
            batch.Remember(message, now);
        }

        var maxKeys = options.Value.MaxClaims;
        return state.Messages.Keys.Count + batch.Count <= maxKeys || batch.Count == 0
            ? (ids, fresh)
            : throw new InMemoryStoreFullException(nameof(InMemoryStoreOptions.MaxClaims), maxKeys, "idempotency keys");
    }

    private void Store(IReadOnlyList<WebhookMessage> messages)
    {
        var ids = new HashSet<MessageId>();
        foreach (var message in messages)
        {
            if (state.Messages.Contains(message.Id) || !ids.Add(message.Id))
            {
                throw new InvalidOperationException($"The message {message.Id} is stored already.");
            }
        }

        MakeRoomFor(messages.Count);
        var now = timeProvider.GetUtcNow();
        foreach (var message in messages)
        {
            state.Messages.Add(message, now);
        }
    }

    private void MakeRoomFor(int messages)
    {
        var maxMessages = options.Value.MaxMessages;
        while (state.Messages.Count + messages > maxMessages)
        {
            var forgotten = state.Messages.ForgetFinished()
                ?? throw new InMemoryStoreFullException(nameof(InMemoryStoreOptions.MaxMessages), maxMessages, "messages");
            forgotten.Deliveries.ForEach(state.Deliveries.Remove);
        }
    }

    private ValueTask<FanOutResult> FanOutAsync(
        Func<MessageRow[]> select, FanOutPlanner planner, CancellationToken cancellationToken) =>
        ValueTask.FromResult(FanOut(select, planner, cancellationToken));

    private FanOutResult FanOut(Func<MessageRow[]> select, FanOutPlanner planner, CancellationToken cancellationToken)
    {
        lock (state.Gate)
        {
            var (messages, duplicates) = Separate(select());
            var planned = messages.Count == 0 ? [] : planner(messages, FindEndpoints(messages));
            cancellationToken.ThrowIfCancellationRequested();
            return Take(messages, duplicates, planned);
        }
    }

    private List<WebhookEndpoint> FindEndpoints(List<WebhookMessage> messages) =>
        state.Endpoints.OfTenants(messages.Select(message => message.TenantId).ToHashSet(StringComparer.Ordinal), timeProvider.GetUtcNow());

    private (List<WebhookMessage> Messages, List<(MessageRow Row, MessageId First)> Duplicates) Separate(MessageRow[] rows)
    {
        var now = timeProvider.GetUtcNow();
        state.Messages.Keys.Forget(now);
        var messages = new List<WebhookMessage>(rows.Length);
        var duplicates = new List<(MessageRow Row, MessageId First)>();
        var batch = new IdempotencyKeyTable();
        foreach (var row in rows)
        {
            var first = (state.Messages.Keys.Find(row.Message) ?? batch.Find(row.Message))?.MessageId;
            if (first is { } other && other != row.Message.Id)
            {
                duplicates.Add((row, other));
                continue;
            }

            messages.Add(row.Message);
            batch.Remember(row.Message, now);
        }

        return (messages, duplicates);
    }

    private FanOutResult Take(
        List<WebhookMessage> messages, List<(MessageRow Row, MessageId First)> duplicates, IReadOnlyList<NewDelivery> planned)
    {
        var now = timeProvider.GetUtcNow();
        var rows = messages.ToDictionary(message => message.Id, message => state.Messages.Find(message.Id)!);
        NewDelivery[] made = [.. planned.Where(delivery => rows.ContainsKey(delivery.MessageId))];
        foreach (var delivery in made)
        {
            var row = rows[delivery.MessageId];
            row.Deliveries.Add(state.Deliveries.Add(delivery, now));
            if (delivery.Rendering is { } rendering)
            {
                row.Add(rendering);
            }

            row.PendingDeliveries += delivery.Status == DeliveryStatus.Pending ? 1 : 0;
        }

        foreach (var row in rows.Values)
        {
            state.Messages.Keys.Remember(row.Message, now);
            state.Messages.TakeOut(row);
        }

        foreach (var (row, first) in duplicates)
        {
            row.DuplicateOf = first;
            state.Messages.TakeOut(row);
        }

        return new FanOutResult(messages, made, duplicates.Count);
    }
}
