namespace WebhookKit.Publishing;

/// <summary>Tells the dispatchers of other processes that work waits; without one they find it by their poll.</summary>
/// <remarks>
/// An implementation also listens: what another process tells goes to <see cref="DispatchSignal.WakeFor"/>. It ignores
/// what its own process has told, and wakes for everything once after it could not listen for a while. Wake-ups may be
/// lost: every dispatcher polls as well. Thread-safe.
/// </remarks>
public interface IDispatchWakeUp
{
    /// <summary>Asks other processes to look at the store soon.</summary>
    /// <param name="work">What waits there.</param>
    /// <remarks>
    /// Called on the publisher's thread, after its commit: returns at once, never throws, and folds calls that come
    /// thick into few wake-ups.
    /// </remarks>
    void WakeOthers(WaitingWork work);
}
