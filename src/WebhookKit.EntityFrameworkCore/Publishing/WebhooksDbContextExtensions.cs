using Microsoft.EntityFrameworkCore;
using WebhookKit.EntityFrameworkCore.Publishing;
using WebhookKit.Publishing;

namespace WebhookKit;

/// <summary>Publishes messages that commit together with the rows of a context, or not at all.</summary>
/// <remarks>
/// Nothing is stored until <c>SaveChanges</c>, and nothing is sent until its transaction has committed. A message shares
/// the fate of the context's own rows: <c>ChangeTracker.Clear()</c> forgets it, a rollback undoes it. The same holds in a
/// <c>TransactionScope</c> on providers that take part in one; SQLite's does not, and commits row and message at once.
/// </remarks>
public static class WebhooksDbContextExtensions
{
    /// <summary>Publishes an event with the next <c>SaveChanges</c>, in the same batch as its rows.</summary>
    /// <typeparam name="T">A type registered with <c>AddEventType</c>.</typeparam>
    /// <param name="context">A context named in <c>UseEntityFrameworkCore&lt;TContext&gt;()</c>.</param>
    /// <param name="data">The event's data, written as the payload's <c>data</c> member at once.</param>
    /// <param name="options">Tenant, keys and times.</param>
    /// <returns>The id that the message will have.</returns>
    /// <exception cref="UnknownEventTypeException"><typeparamref name="T"/> is not registered.</exception>
    /// <exception cref="PayloadTooLargeException">The payload is larger than 256 KiB.</exception>
    /// <exception cref="WebhookException">The context is not wired or its model lacks the tables.</exception>
    public static MessageId PublishWebhook<T>(this DbContext context, T data, PublishOptions? options = null) =>
        GetCapture(context).Add(messages => messages.Create(data, options));

    /// <summary>Publishes an event whose data needs ids that the database generates: read once they exist, in the same transaction.</summary>
    /// <inheritdoc cref="PublishWebhook{T}(DbContext, T, PublishOptions?)"/>
    /// <param name="context">A context named in <c>UseEntityFrameworkCore&lt;TContext&gt;()</c>.</param>
    /// <param name="data">Reads the event's data; called inside <c>SaveChanges</c>.</param>
    /// <param name="options">Tenant, keys and times.</param>
    /// <remarks>
    /// Costs one more round trip. Without a transaction of the caller's, <c>SaveChanges</c> begins one; under a retrying
    /// execution strategy that is refused: save inside <c>Database.CreateExecutionStrategy().ExecuteAsync(…)</c> with a
    /// transaction of yours. Refused as well with <c>acceptAllChangesOnSuccess: false</c>, which keeps the ids from the
    /// entities. When the data cannot be read or stored, <c>SaveChanges</c> fails and its transaction cannot commit.
    /// </remarks>
    public static MessageId PublishWebhook<T>(this DbContext context, Func<T> data, PublishOptions? options = null) =>
        GetCapture(context).AddDeferred(PendingWebhook.Create(data, options));

    /// <summary>Publishes an event whose payload is already written, with the next <c>SaveChanges</c>.</summary>
    /// <param name="context">A context named in <c>UseEntityFrameworkCore&lt;TContext&gt;()</c>.</param>
    /// <param name="rawEvent">Event type, bytes and media type.</param>
    /// <param name="options">Tenant, keys and times.</param>
    /// <returns>The id that the message will have.</returns>
    /// <exception cref="PayloadTooLargeException">The payload is larger than 256 KiB.</exception>
    /// <exception cref="WebhookException">The context is not wired or its model lacks the tables.</exception>
    public static MessageId PublishWebhook(this DbContext context, RawEvent rawEvent, PublishOptions? options = null) =>
        GetCapture(context).Add(messages => messages.Create(rawEvent, options));

    private static MessageCapture GetCapture(DbContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        return MessageCapture.Of(context) ?? throw CaptureErrors.NotWired(context.GetType());
    }
}
