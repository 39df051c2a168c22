using WebhookKit.Publishing;

namespace WebhookKit.PostgreSql.WakeUp;

/// <summary>Wakes this process's dispatcher a random moment later; whatever comes until then is the same wake-up.</summary>
internal sealed class FoldedWake(DispatchSignal signal, TimeProvider timeProvider, Random random)
{
    private int _work;

    public void Add(WaitingWork work)
    {
        if (work != WaitingWork.None && Interlocked.Or(ref _work, (int)work) == 0)
        {
            _ = WakeAsync(WakeUpDefaults.MaxWakeDelay * random.NextDouble());
        }
    }

    private async Task WakeAsync(TimeSpan delay)
    {
        await Task.Delay(delay, timeProvider, CancellationToken.None).ConfigureAwait(false);
        signal.WakeFor((WaitingWork)Interlocked.Exchange(ref _work, 0));
    }
}
