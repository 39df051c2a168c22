namespace WebhookKit.Publishing;

/// <summary>An event that becomes a message when its entity is saved.</summary>
public abstract class PendingWebhook
{
    private protected PendingWebhook()
    {
    }

    /// <summary>Makes the message; called once the entity's values, also those of the database, are known.</summary>
    public abstract WebhookMessage CreateMessage(MessageFactory factory);

    /// <summary>Wraps data that is read only when the message is made.</summary>
    public static PendingWebhook Create<T>(Func<T> data, PublishOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(data);
        return new Typed<T>(data, options);
    }

    private sealed class Typed<T>(Func<T> data, PublishOptions? options) : PendingWebhook
    {
        public override WebhookMessage CreateMessage(MessageFactory factory) => factory.Create(data(), options);
    }
}
