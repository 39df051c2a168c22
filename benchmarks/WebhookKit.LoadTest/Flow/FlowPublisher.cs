using System.Diagnostics;
using WebhookKit.Identifiers;
using WebhookKit.LoadTest.Databases;
using WebhookKit.LoadTest.Receivers;
using WebhookKit.LoadTest.Senders;

namespace WebhookKit.LoadTest.Flow;

/// <summary>Publishes as an application does: with its orders through EF, or by the publisher where memory is the store.</summary>
internal sealed class FlowPublisher(IServiceProvider services, SenderSettings settings)
{
    // What the event takes beside its note.
    private const int EnvelopeBytes = 200;

    private readonly IdGenerator _ids = new(TimeProvider.System);
    private readonly string _note = new('n', Math.Max(settings.Shape.PayloadBytes - EnvelopeBytes, 0));

    /// <returns>The ids of all messages.</returns>
    public async Task<IReadOnlyList<MessageId>> PublishAsync(FlowOrder order, CancellationToken cancellationToken)
    {
        var saves = order.Messages / order.PerSave;
        var started = Stopwatch.GetTimestamp();
        var next = -1;
        var writers = Enumerable.Range(0, order.Writers).Select(_ => Task.Run(WriteAsync, cancellationToken));
        var commits = await Task.WhenAll(writers);
        var all = commits.SelectMany(ofWriter => ofWriter).ToArray();
        ArrivalFile.Write(order.CommitFile, all);
        return Array.ConvertAll(all, commit => new MessageId(commit.Key));

        async Task<List<KeyValuePair<Guid, long>>> WriteAsync()
        {
            var commits = new List<KeyValuePair<Guid, long>>();
            while (Interlocked.Increment(ref next) is var save && save < saves)
            {
                if (order.MessagesPerSecond is { } rate)
                {
                    var wait = TimeSpan.FromSeconds(save * order.PerSave / rate) - Stopwatch.GetElapsedTime(started);
                    if (wait > TimeSpan.Zero)
                    {
                        await Task.Delay(wait, cancellationToken);
                    }
                }

                var (messages, committedAt) = await SaveAsync(save, order.PerSave, cancellationToken);
                commits.AddRange(messages.Select(id => KeyValuePair.Create(id.Value, committedAt)));
            }

            return commits;
        }
    }

    private async Task<(IReadOnlyList<MessageId> Messages, long CommittedAt)> SaveAsync(
        int number, int messages, CancellationToken cancellationToken)
    {
        var options = new PublishOptions { TenantId = settings.Shape.TenantOfMessage(number) };
        await using var scope = services.CreateAsyncScope();
        if (settings.Store.Kind == StoreKind.Memory)
        {
            var events = Enumerable.Range(0, messages).Select(_ => new OrderPlaced(_ids.NewMessageId().Value, "customer", number, _note));
            var publishingAt = Stopwatch.GetTimestamp();
            var published = await scope.ServiceProvider.GetRequiredService<IWebhookPublisher>()
                .PublishManyAsync(events, options, cancellationToken);
            return (published, publishingAt);
        }

        var db = scope.ServiceProvider.GetRequiredService<LoadDb>();
        var ids = new List<MessageId>(messages);
        for (var i = 0; i < messages; i++)
        {
            var order = new Order { Id = _ids.NewMessageId().Value, Customer = "customer", Total = number };
            db.Orders.Add(order);
            ids.Add(db.PublishWebhook(new OrderPlaced(order.Id, order.Customer, order.Total, _note), options));
        }

        await db.SaveChangesAsync(cancellationToken);
        return (ids, db.CommittingAt);
    }
}
