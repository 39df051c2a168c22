using WebhookKit.EntityFrameworkCore.Outbox;
using WebhookKit.Publishing;

namespace WebhookKit.EntityFrameworkCore.Publishing;

/// <summary>A message on its way into the caller's transaction.</summary>
internal sealed class CapturedMessage
{
    public required OutboxEntity Outbox { get; init; }

    /// <summary>Missing until a deferred event has been read.</summary>
    public MessageEntity? Row { get; set; }

    /// <summary>The event that the row is to be made from, if it is deferred.</summary>
    public PendingWebhook? Deferred { get; init; }

    /// <summary>Where it comes from, if an entity raised it.</summary>
    public EntityEvent? Entity { get; init; }

    /// <summary>Part of the save that is under way.</summary>
    public bool IsSaving { get; set; }

    public TransactionOutcome? SavedIn { get; set; }

    /// <summary>EF has accepted the changes it was saved with, and then we had to roll them back.</summary>
    public bool IsStranded { get; set; }

    public static CapturedMessage FromKnown(WebhookMessage message, EntityEvent? entity = null) =>
        new() { Outbox = OutboxEntity.From(message), Row = MessageEntity.From(message), Entity = entity };

    public static CapturedMessage FromDeferred(MessageId id, PendingWebhook pending, EntityEvent? entity = null) => new()
    {
        Outbox = OutboxEntity.From(id, pending.Options.TenantId, pending.Options.OrderingKey),
        Deferred = pending,
        Entity = entity,
    };

    public MessageEntity Read(MessageFactory messages) =>
        Row = MessageEntity.From(Deferred!.CreateMessage(messages) with { Id = Outbox.MessageId });
}
