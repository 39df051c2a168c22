namespace WebhookKit;

/// <summary>Handles received events of one type.</summary>
/// <typeparam name="T">What the event's data is bound to.</typeparam>
public interface IWebhookHandler<T>
{
    /// <summary>Handles one event, in the scope and transaction that also record its claim.</summary>
    /// <remarks>
    /// Runs once per event whose claim commits; a store that repeats its transaction after a transient fault runs the
    /// handler again in a new scope.
    /// </remarks>
    /// <param name="webhook">The event; its payload must not be kept after the handler has returned.</param>
    /// <param name="cancellationToken">Fires at the handler timeout and when the host stops, not when the sender hangs up.</param>
    Task HandleAsync(ReceivedWebhook<T> webhook, CancellationToken cancellationToken);
}
