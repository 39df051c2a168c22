using Microsoft.EntityFrameworkCore;
using WebhookKit.EntityFrameworkCore.Outbox;
using WebhookKit.Publishing;

namespace WebhookKit.EntityFrameworkCore.Publishing;

/// <summary>A message on its way into the caller's transaction.</summary>
internal sealed class CapturedMessage
{
    public required OutboxEntity Outbox { get; init; }

    /// <summary>Missing until a deferred event has been read.</summary>
    public MessageEntity? Row { get; set; }

    /// <summary>The event it is made from, unless the caller published known data.</summary>
    public PendingWebhook? Pending { get; init; }

    /// <summary>The events of the entity that raised it, if one did.</summary>
    public WebhookCollection? RaisedIn { get; init; }

    /// <summary>What was to happen to that entity in the save that captured it.</summary>
    public EntityState RaisedWith { get; init; }

    /// <summary>Part of the save that is under way.</summary>
    public bool IsSaving { get; set; }

    public TransactionOutcome? SavedIn { get; set; }

    /// <summary>EF has accepted the changes it was saved with, and then we had to roll them back.</summary>
    public bool IsStranded { get; set; }
}
