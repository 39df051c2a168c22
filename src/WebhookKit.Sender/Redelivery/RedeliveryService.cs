using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using WebhookKit.Deliveries;
using WebhookKit.Publishing;

namespace WebhookKit.Redelivery;

/// <summary>Carries redeliveries out, a part at a time, wherever a dispatcher runs; all that it remembers is in the store.</summary>
/// <remarks>The store is asked for when it starts, so that a missing one is reported by the start-up checks.</remarks>
internal sealed class RedeliveryService(
    IServiceProvider services,
    DispatchSignal signal,
    IOptions<SenderOptions> options,
    TimeProvider timeProvider,
    ILogger<RedeliveryService> logger) : BackgroundService
{
    private const int MaxBatch = 200;

    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(30);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (options.Value.IsDispatcherDisabled)
        {
            return;
        }

        var store = services.GetRequiredService<IRedeliveryStore>();
        var (pause, isFailing) = (TimeSpan.Zero, false);
        while (true)
        {
            try
            {
                pause = await ContinueAsync(store, stoppingToken).ConfigureAwait(false);
                isFailing = false;
            }
            catch (Exception exception) when (!stoppingToken.IsCancellationRequested)
            {
                if (!isFailing)
                {
                    logger.RedeliveryFailed(exception);
                }

                pause = isFailing && pause * 2 < LongestPause ? pause * 2 : isFailing ? LongestPause : options.Value.PollInterval;
                isFailing = true;
            }

            await Task.Delay(pause, timeProvider, stoppingToken).ConfigureAwait(false);
        }
    }

    private async Task<TimeSpan> ContinueAsync(IRedeliveryStore store, CancellationToken cancellationToken)
    {
        var step = await store.ContinueAsync(MaxBatch, cancellationToken).ConfigureAwait(false);
        if (step.Count > 0)
        {
            logger.Redelivered(step.Count);
            signal.WakeFor(WaitingWork.Deliveries);
            signal.WakeOthers(WaitingWork.Deliveries);
        }

        // Another node may be told of another redelivery meanwhile.
        var poll = options.Value.PollInterval;
        return step.NextIn is { } next && next < poll ? next : poll;
    }
}
