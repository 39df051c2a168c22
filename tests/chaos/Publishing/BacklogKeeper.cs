using WebhookKit.Chaos.Database;
using WebhookKit.Chaos.Nodes;

namespace WebhookKit.Chaos.Publishing;

/// <summary>Keeps nodes publishing while they have little left to send, so that they are busy on any machine but never far behind.</summary>
internal sealed class BacklogKeeper(Cluster cluster, ChaosDatabase database, long enough, TimeProvider timeProvider)
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(100);

    /// <summary>Runs until told to stop, and then lets nobody publish any more.</summary>
    public async Task RunAsync(CancellationToken stopping)
    {
        while (!stopping.IsCancellationRequested)
        {
            try
            {
                var (messages, deliveries) = await database.ReadBacklogAsync();
                cluster.SetPublishing(deliveries + messages < enough);
                await Task.Delay(Interval, timeProvider, stopping);
            }
            catch (OperationCanceledException)
            {
                // The run ends.
            }
        }

        cluster.SetPublishing(false);
    }
}
