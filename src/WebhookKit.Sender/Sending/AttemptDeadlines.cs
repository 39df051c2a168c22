using System.Collections.Concurrent;

namespace WebhookKit.Sending;

/// <summary>Lends each attempt a token that is cancelled when its time is over or the sender stops.</summary>
/// <remarks>One that was not cancelled is lent again: a timer and two sources for each attempt would be most of its garbage.</remarks>
internal sealed class AttemptDeadlines(TimeProvider timeProvider)
{
    private readonly ConcurrentQueue<CancellationTokenSource> _idle = new();

    public Lease Start(TimeSpan timeout, CancellationToken stopping)
    {
        if (_idle.TryDequeue(out var source))
        {
            source.CancelAfter(timeout);
        }
        else
        {
            source = new CancellationTokenSource(timeout, timeProvider);
        }

        return new Lease(this, source, stopping.UnsafeRegister(static source => ((CancellationTokenSource)source!).Cancel(), source));
    }

    /// <summary>One attempt's deadline; disposed when nothing holds its token any longer.</summary>
    public readonly struct Lease(AttemptDeadlines owner, CancellationTokenSource source, CancellationTokenRegistration stopping) : IDisposable
    {
        public CancellationToken Token => source.Token;

        public void Dispose()
        {
            // Waits for a stop that is just cancelling the source: it must not reach the next attempt.
            stopping.Dispose();
            if (source.TryReset())
            {
                owner._idle.Enqueue(source);
            }
            else
            {
                source.Dispose();
            }
        }
    }
}
