namespace WebhookKit;

/// <summary>An entity that raises events; they are published in the transaction that saves it.</summary>
public interface IHasWebhooks
{
    /// <summary>The events raised and not yet committed.</summary>
    WebhookCollection Webhooks { get; }
}
