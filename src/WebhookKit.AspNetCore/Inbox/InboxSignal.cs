using System.Collections.Concurrent;

namespace WebhookKit.Inbox;

/// <summary>Wakes the loop of a source when this process has received something for it.</summary>
internal sealed class InboxSignal
{
    private readonly ConcurrentDictionary<string, SemaphoreSlim> _waiting = new(StringComparer.OrdinalIgnoreCase);

    public void Wake(string source)
    {
        var waiting = Of(source);
        lock (waiting)
        {
            // One waiting wake-up is enough.
            if (waiting.CurrentCount == 0)
            {
                waiting.Release();
            }
        }
    }

    /// <summary>Waits until woken or until the time has passed, whichever is first.</summary>
    public async Task WaitAsync(string source, TimeSpan timeout, TimeProvider timeProvider, CancellationToken cancellationToken)
    {
        using var expiry = new CancellationTokenSource(timeout, timeProvider);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(expiry.Token, cancellationToken);
        try
        {
            await Of(source).WaitAsync(either.Token);
        }
        catch (OperationCanceledException)
        {
            cancellationToken.ThrowIfCancellationRequested();
        }
    }

    private SemaphoreSlim Of(string source) => _waiting.GetOrAdd(source, _ => new SemaphoreSlim(0, 1));
}
