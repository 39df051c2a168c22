using WebhookKit.Deliveries;
using WebhookKit.Identifiers;
using WebhookKit.LoadTest.Databases;
using WebhookKit.Outbox;

namespace WebhookKit.LoadTest.Senders;

/// <summary>Fills and reads the store in memory, which only its own process can.</summary>
internal sealed class MemoryOutbox(IServiceProvider services, MessageShape shape)
{
    private readonly IOutboxStore _outbox = services.GetRequiredService<IOutboxStore>();
    private readonly IDeliveryStore _deliveries = services.GetRequiredService<IDeliveryStore>();
    private readonly List<MessageId> _appended = [];
    private IReadOnlyList<WebhookMessage> _prepared = [];

    public void Prepare(int messages) => _prepared = Create(messages, shape with { FirstMessage = _appended.Count });

    public async Task AppendAsync(CancellationToken cancellationToken) =>
        Remember(await _outbox.AppendAsync(_prepared, cancellationToken));

    /// <summary>Adds to what is looked for at the end.</summary>
    public void Remember(IEnumerable<MessageId> ids) => _appended.AddRange(ids);

    public async Task<Contents> ReadContentsAsync(CancellationToken cancellationToken)
    {
        var contents = new Contents(0, 0, 0, 0, 0, 0);
        foreach (var id in _appended)
        {
            var deliveries = await _deliveries.GetByMessageAsync(id, cancellationToken);
            contents = deliveries.Count == 0 ? contents with { Outbox = contents.Outbox + 1 } : contents;
            foreach (var delivery in deliveries)
            {
                var attempts = await _deliveries.GetAttemptsAsync(delivery.Id, cancellationToken);
                contents = contents with
                {
                    Deliveries = contents.Deliveries + 1,
                    Succeeded = contents.Succeeded + (delivery.Status == DeliveryStatus.Succeeded ? 1 : 0),
                    Attempts = contents.Attempts + attempts.Count,
                    SucceededAttempts = contents.SucceededAttempts + attempts.Count(attempt => attempt.Outcome == AttemptOutcome.Succeeded),
                };
            }
        }

        return contents;
    }

    private static WebhookMessage[] Create(int messages, MessageShape shape)
    {
        var ids = new IdGenerator(TimeProvider.System);
        var now = TimeProvider.System.GetUtcNow();
        var payload = shape.CreatePayload();
        return [.. Enumerable.Range(0, messages).Select(number => new WebhookMessage
        {
            Id = ids.NewMessageId(),
            TenantId = shape.TenantOfMessage(number),
            EventType = MessageShape.EventType,
            Payload = payload,
            OccurredAt = now,
        })];
    }
}
