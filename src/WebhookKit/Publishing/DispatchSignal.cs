using System.Collections.Concurrent;

namespace WebhookKit.Publishing;

/// <summary>
/// Wakes this process's dispatcher and hands it what this process has just committed; tells other processes what this
/// one leaves to them.
/// </summary>
/// <param name="others">Reaches other processes, where the host has chosen a way.</param>
/// <remarks>
/// The commit hint is never a right to send: the dispatcher asks the store which of the messages are really there.
/// It is bounded, and lost without harm, for the dispatcher also polls. Thread-safe.
/// </remarks>
public sealed class DispatchSignal(IDispatchWakeUp? others = null)
{
    private const int MaxMessages = 1_000;
    private const long MaxPayloadBytes = 16 * 1024 * 1024;

    private readonly ConcurrentQueue<WebhookMessage> _committed = new();
    private readonly SemaphoreSlim _wake = new(0, 1);
    private long _payloadBytes;
    private int _waiting;

    /// <summary>Whether a dispatcher listens; without one, hints are dropped at once and other processes are woken.</summary>
    public bool IsListening { get; set; }

    /// <summary>Tells that messages have been committed, and wakes the dispatcher; those it cannot take are left to others.</summary>
    public void Committed(IReadOnlyList<WebhookMessage> messages)
    {
        ArgumentNullException.ThrowIfNull(messages);
        if (!IsListening)
        {
            WakeOthers(WaitingWork.Messages);
            return;
        }

        foreach (var message in messages)
        {
            if (_committed.Count >= MaxMessages || Interlocked.Read(ref _payloadBytes) >= MaxPayloadBytes)
            {
                WakeOthers(WaitingWork.Messages);
                break;
            }

            Interlocked.Add(ref _payloadBytes, message.Payload.Length);
            _committed.Enqueue(message);
        }

        Wake();
    }

    /// <summary>Wakes the dispatcher: something may be due.</summary>
    public void Wake()
    {
        // One waiting wake-up is enough, and asking first spares the exception where wake-ups come thick.
        if (_wake.CurrentCount > 0)
        {
            return;
        }

        try
        {
            _wake.Release();
        }
        catch (SemaphoreFullException)
        {
            // Another thread was faster.
        }
    }

    /// <summary>Wakes the dispatcher for work that another process has told of, or that it may have told of unheard.</summary>
    public void WakeFor(WaitingWork work)
    {
        Interlocked.Or(ref _waiting, (int)work);
        Wake();
    }

    /// <summary>Asks other processes to look at the store for work that this one cannot do at once.</summary>
    public void WakeOthers(WaitingWork work) => others?.WakeOthers(work);

    /// <summary>Whether another process has told of such work since this was last asked.</summary>
    public bool TakeWaiting(WaitingWork work) => (Interlocked.And(ref _waiting, ~(int)work) & (int)work) != 0;

    /// <summary>Takes at most <paramref name="maxMessages"/> hints, oldest first.</summary>
    public IReadOnlyList<WebhookMessage> TakeCommitted(int maxMessages)
    {
        var taken = new List<WebhookMessage>();
        while (taken.Count < maxMessages && _committed.TryDequeue(out var message))
        {
            Interlocked.Add(ref _payloadBytes, -message.Payload.Length);
            taken.Add(message);
        }

        return taken;
    }

    /// <summary>Waits until woken or until the time has passed, whichever is first.</summary>
    /// <returns><see langword="true"/> when woken.</returns>
    public async ValueTask<bool> WaitAsync(TimeSpan timeout, TimeProvider timeProvider, CancellationToken cancellationToken)
    {
        using var expiry = new CancellationTokenSource(timeout, timeProvider);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(expiry.Token, cancellationToken);
        try
        {
            await _wake.WaitAsync(either.Token).ConfigureAwait(false);
            return true;
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return false;
        }
    }
}
