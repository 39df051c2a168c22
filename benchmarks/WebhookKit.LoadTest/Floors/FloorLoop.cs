using System.Threading.Channels;

namespace WebhookKit.LoadTest.Floors;

/// <summary>The hand-written dispatcher: one task takes, many send, one completes, all in batches of 500.</summary>
internal sealed class FloorLoop(IFloorStore store, FloorSender sender, int maxInFlight)
{
    private const int BatchSize = 500;

    public async Task DrainAsync(int messages, CancellationToken cancellationToken)
    {
        using var failed = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var leased = Channel.CreateBounded<FloorDelivery>(new BoundedChannelOptions(maxInFlight) { SingleWriter = true });
        var sent = Channel.CreateBounded<FloorDelivery>(new BoundedChannelOptions(maxInFlight) { SingleReader = true });
        Task[] parts =
        [
            TakeAsync(messages, leased.Writer, failed.Token),
            CompleteAsync(messages, sent.Reader, failed.Token),
            .. Enumerable.Range(0, maxInFlight).Select(_ => Task.Run(
                () => sender.RunAsync(
                    leased.Reader.ReadAllAsync(failed.Token), delivery => sent.Writer.WriteAsync(delivery, failed.Token), failed.Token),
                CancellationToken.None)),
        ];
        await foreach (var part in Task.WhenEach(parts))
        {
            if (part.IsFaulted)
            {
                await failed.CancelAsync();
                await part;
            }
        }
    }

    private async Task TakeAsync(int messages, ChannelWriter<FloorDelivery> leased, CancellationToken cancellationToken)
    {
        for (var taken = 0; taken < messages;)
        {
            var batch = await store.TakeAsync(BatchSize, cancellationToken);
            if (batch.Count == 0)
            {
                throw new LoadTestException($"The outbox ended after {taken} of {messages} messages.");
            }

            taken += batch.Count;
            foreach (var delivery in batch)
            {
                await leased.WriteAsync(delivery, cancellationToken);
            }
        }

        leased.Complete();
    }

    private async Task CompleteAsync(int messages, ChannelReader<FloorDelivery> sent, CancellationToken cancellationToken)
    {
        var batch = new List<FloorDelivery>(BatchSize);
        for (var completed = 0; completed < messages; completed += batch.Count)
        {
            batch.Clear();
            while (batch.Count < Math.Min(BatchSize, messages - completed))
            {
                batch.Add(await sent.ReadAsync(cancellationToken));
            }

            await store.CompleteAsync(batch, cancellationToken);
        }
    }
}
