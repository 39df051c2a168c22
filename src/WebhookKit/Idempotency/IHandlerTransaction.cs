using WebhookKit.Inbox;

namespace WebhookKit.Idempotency;

/// <summary>Runs a handler and claims its event as one unit: both happen, or neither.</summary>
public interface IHandlerTransaction
{
    /// <summary>Claims the event and runs its handler in a scope of its own.</summary>
    /// <remarks>
    /// When the store runs the unit again after a transient fault, the handler runs again in a new scope; of all runs
    /// one commits. A second copy that arrives meanwhile waits at most <see cref="ClaimDefaults.BusyWait"/>.
    /// </remarks>
    /// <param name="claim">What is claimed.</param>
    /// <param name="handler">The handler, given the scope's services.</param>
    /// <param name="cancellationToken">Gives up; nothing is committed.</param>
    /// <exception cref="Exception">Whatever the handler threw; nothing is committed then.</exception>
    ValueTask<HandlingResult> ExecuteAsync(
        WebhookClaim claim, Func<IServiceProvider, CancellationToken, Task> handler, CancellationToken cancellationToken);

    /// <summary>Runs the handler of an inbox entry and marks it handled, in a scope of its own.</summary>
    /// <remarks>As for a claim, the handler may run again in a new scope, and one run commits: none if the lease is lost meanwhile.</remarks>
    /// <param name="entry">The entry, which the caller has leased.</param>
    /// <param name="handler">The handler, given the scope's services.</param>
    /// <param name="cancellationToken">Gives up; nothing is committed.</param>
    /// <returns><see cref="HandlingResult.Handled"/> or <see cref="HandlingResult.LeaseLost"/>.</returns>
    /// <exception cref="Exception">Whatever the handler threw; nothing is committed then.</exception>
    ValueTask<HandlingResult> ExecuteAsync(
        LeasedInboxEntry entry, Func<IServiceProvider, CancellationToken, Task> handler, CancellationToken cancellationToken);
}
