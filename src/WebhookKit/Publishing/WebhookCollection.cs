using System.Collections;
using WebhookKit.Publishing;

namespace WebhookKit;

/// <summary>The events that an entity has raised and that have not been committed yet.</summary>
/// <remarks>Not thread-safe, like the entity it belongs to.</remarks>
public sealed class WebhookCollection : IReadOnlyCollection<PendingWebhook>
{
    private readonly List<PendingWebhook> _pending = [];

    /// <inheritdoc/>
    public int Count => _pending.Count;

    /// <summary>Raises an event whose data is known now.</summary>
    public void Publish<T>(T data, PublishOptions? options = null) => _pending.Add(PendingWebhook.Create(data, options));

    /// <summary>Raises an event whose data is read when the entity has been saved, for ids that the database generates.</summary>
    public void Publish<T>(Func<T> data, PublishOptions? options = null) => _pending.Add(PendingWebhook.Create(data, options));

    /// <summary>Forgets an event, because it has been committed or is no longer wanted.</summary>
    public bool Remove(PendingWebhook pending) => _pending.Remove(pending);

    /// <inheritdoc/>
    public IEnumerator<PendingWebhook> GetEnumerator() => _pending.GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}
