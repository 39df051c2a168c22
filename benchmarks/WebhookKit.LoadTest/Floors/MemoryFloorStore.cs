using WebhookKit.Identifiers;
using WebhookKit.LoadTest.Senders;

namespace WebhookKit.LoadTest.Floors;

/// <summary>No store at all: what remains is a bare loop of signed requests.</summary>
internal sealed class MemoryFloorStore(MessageShape shape, FloorEndpoint[] endpoints) : IFloorStore
{
    private readonly Queue<FloorDelivery> _waiting = [];

    public Task PrepareAsync(int messages, CancellationToken cancellationToken)
    {
        var ids = new IdGenerator(TimeProvider.System);
        var payload = shape.CreatePayload();
        for (var number = 0; number < messages; number++)
        {
            _waiting.Enqueue(new FloorDelivery
            {
                MessageId = ids.NewMessageId().Value,
                Payload = payload,
                ContentType = MessageDefaults.ContentType,
                Endpoint = endpoints[number % shape.Endpoints],
            });
        }

        return Task.CompletedTask;
    }

    public Task<IReadOnlyList<FloorDelivery>> TakeAsync(int maxMessages, CancellationToken cancellationToken)
    {
        var taken = new List<FloorDelivery>();
        while (taken.Count < maxMessages && _waiting.TryDequeue(out var delivery))
        {
            taken.Add(delivery);
        }

        return Task.FromResult<IReadOnlyList<FloorDelivery>>(taken);
    }

    public Task CompleteAsync(IReadOnlyList<FloorDelivery> deliveries, CancellationToken cancellationToken) => Task.CompletedTask;

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
