using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace WebhookKit.Retention.Internal;

/// <summary>Runs the retention steps with the host, now and then, and lets the store rest in between.</summary>
internal sealed class RetentionService(
    IEnumerable<IRetentionStep> steps, IOptions<WebhooksOptions> options, TimeProvider timeProvider, ILogger<RetentionService> logger)
    : BackgroundService
{
    private static readonly TimeSpan FirstDelay = TimeSpan.FromMinutes(1);

    private readonly HashSet<string> _failing = [];
    private readonly Random _random = new();

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var retention = options.Value.Retention;
        if (retention.IsDisabled)
        {
            return;
        }

        // Nodes that start together should not all delete the same rows: the pauses are not quite alike.
        var pause = FirstDelay < retention.Interval ? FirstDelay : retention.Interval;
        while (true)
        {
            await Task.Delay(pause * (0.5 + (_random.NextDouble() / 2)), timeProvider, stoppingToken).ConfigureAwait(false);
            foreach (var step in steps)
            {
                await RunAsync(step, stoppingToken).ConfigureAwait(false);
            }

            pause = retention.Interval;
        }
    }

    private async Task RunAsync(IRetentionStep step, CancellationToken stopping)
    {
        var deleted = 0L;
        try
        {
            var batches = step.RunAsync(stopping).GetAsyncEnumerator(stopping);
            await using (batches.ConfigureAwait(false))
            {
                var began = timeProvider.GetTimestamp();
                while (await batches.MoveNextAsync().ConfigureAwait(false))
                {
                    deleted += batches.Current;
                    var rest = timeProvider.GetElapsedTime(began) * RetentionDefaults.RestPerWork;
                    await Task.Delay(rest, timeProvider, stopping).ConfigureAwait(false);
                    began = timeProvider.GetTimestamp();
                }
            }

            if (_failing.Remove(step.Name))
            {
                logger.RetentionRecovered(step.Name);
            }
        }
        catch (Exception exception) when (!stopping.IsCancellationRequested)
        {
            if (_failing.Add(step.Name))
            {
                logger.RetentionFailed(exception, step.Name, options.Value.Retention.Interval);
            }
        }
        finally
        {
            if (deleted > 0)
            {
                logger.RetentionDeleted(deleted, step.Name);
            }
        }
    }
}
