using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using WebhookKit.Chaos.Nodes;

namespace WebhookKit.Chaos.Publishing;

/// <summary>Several publishers at once while the parent wants them to: the busy part of the host.</summary>
internal sealed class PublisherService(
    IServiceScopeFactory scopes, Ledger ledger, CommitCutter cutter, NodeSettings settings, PublishGate gate, TimeProvider timeProvider)
    : BackgroundService
{
    private const int Publishers = 4;
    private const int OrderingKeys = 4;

    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(20);
    private static readonly TimeSpan OrderedPause = TimeSpan.FromMilliseconds(600);
    private static readonly TimeSpan OutagePause = TimeSpan.FromMilliseconds(200);

    protected override Task ExecuteAsync(CancellationToken stoppingToken) => Task.WhenAll(
        Enumerable.Range(0, Publishers)
            .Select(number => RunAsync(number, Pause, publisher => publisher.PublishAsync(), stoppingToken))
            .Concat(Enumerable.Range(0, OrderingKeys)
                .Select(number => RunAsync(
                    Publishers + number, OrderedPause, publisher => publisher.PublishOrderedAsync(OrderingKey(number)), stoppingToken))));

    // One key is shared by all nodes; the others live on in the node that takes a killed one's place.
    private string OrderingKey(int number) => number == 0 ? "shared" : $"{settings.Place}/{number}";

    private async Task RunAsync(int number, TimeSpan pause, Func<Publisher, Task> publish, CancellationToken stopping)
    {
        var publisher = new Publisher(
            scopes, ledger, cutter, $"{settings.Name}/{number}", new Random(HashCode.Combine(settings.Seed, number)), timeProvider);
        while (!stopping.IsCancellationRequested)
        {
            await gate.WaitAsync(stopping);
            try
            {
                await publish(publisher);
                await Task.Delay(pause, timeProvider, stopping);
            }
            catch (Exception) when (!stopping.IsCancellationRequested)
            {
                // The ledger says what was meant, the database what came of it.
                await Task.Delay(OutagePause, timeProvider, stopping);
            }
        }
    }
}
