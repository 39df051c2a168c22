using WebhookKit.Erasure;

namespace WebhookKit;

/// <summary>Erases the content of messages and received events on request, and keeps the record that they existed.</summary>
/// <remarks>
/// Erased are payloads, what endpoints answered, errors, and the keys a publisher chose; kept are ids, event types,
/// times, outcomes and the hashes of idempotency keys, until retention deletes them too. An attempt in flight is not
/// recalled, but nothing of it is kept beyond its outcome. Everything may be called again, also after a crash in the
/// middle: it goes on with what is not erased yet.
/// </remarks>
public interface IWebhookErasure
{
    /// <summary>Erases a message, its duplicates and its copies in the inbox, and cancels what is pending of it.</summary>
    /// <param name="id">The message.</param>
    /// <param name="cancellationToken">Gives up; nothing is erased.</param>
    /// <returns><see langword="false"/> when there is no such message.</returns>
    ValueTask<bool> EraseMessageAsync(MessageId id, CancellationToken cancellationToken = default);

    /// <summary>Disables a tenant's endpoints and erases their URLs, all of its messages and all it has received.</summary>
    /// <remarks>
    /// Stop publishing for the tenant first: what is published meanwhile may be found or not. Take its declared
    /// endpoints out of code and configuration, which would declare their URLs again. The store gets as much rest
    /// as it gets work.
    /// </remarks>
    /// <param name="tenantId">The tenant; what has no tenant is not touched.</param>
    /// <param name="progress">Told after every batch how much this call has erased so far.</param>
    /// <param name="cancellationToken">Stops after the current batch; what is erased stays erased.</param>
    /// <returns>What this call has erased.</returns>
    /// <exception cref="ArgumentException"><paramref name="tenantId"/> is empty.</exception>
    Task<ErasureProgress> EraseTenantAsync(
        string tenantId, IProgress<ErasureProgress>? progress = null, CancellationToken cancellationToken = default);
}
