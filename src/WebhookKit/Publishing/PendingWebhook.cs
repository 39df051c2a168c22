namespace WebhookKit.Publishing;

/// <summary>An event that becomes a message when its entity is saved.</summary>
public abstract class PendingWebhook
{
    private protected PendingWebhook(PublishOptions? options)
    {
        Options = options ?? PublishOptions.None;
    }

    /// <summary>What the publisher said beside the data.</summary>
    public PublishOptions Options { get; }

    /// <summary>Whether the data is read only once the entity's values, also those of the database, are known.</summary>
    public abstract bool IsDeferred { get; }

    /// <summary>Makes the message; a deferred one only after the entity has been saved.</summary>
    public abstract WebhookMessage CreateMessage(MessageFactory factory);

    /// <summary>Wraps data that is known now.</summary>
    public static PendingWebhook Create<T>(T data, PublishOptions? options = null) => new Known<T>(data, options);

    /// <summary>Wraps data that is read only when the message is made.</summary>
    public static PendingWebhook Create<T>(Func<T> data, PublishOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(data);
        return new Deferred<T>(data, options);
    }

    private sealed class Known<T>(T data, PublishOptions? options) : PendingWebhook(options)
    {
        public override bool IsDeferred => false;

        public override WebhookMessage CreateMessage(MessageFactory factory) => factory.Create(data, Options);
    }

    private sealed class Deferred<T>(Func<T> data, PublishOptions? options) : PendingWebhook(options)
    {
        public override bool IsDeferred => true;

        public override WebhookMessage CreateMessage(MessageFactory factory) => factory.Create(data(), Options);
    }
}
