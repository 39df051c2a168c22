namespace WebhookKit.Inbox;

/// <summary>Where an inbox entry stands.</summary>
public enum InboxStatus
{
    /// <summary>To be handled when due.</summary>
    Pending = 0,

    /// <summary>Handled.</summary>
    Handled = 1,

    /// <summary>Kept for a person: no attempts remain.</summary>
    DeadLettered = 2,

    /// <summary>Its content was erased before it was handled; it will not be.</summary>
    Erased = 3,

    /// <summary>A person gave it up, with a reason.</summary>
    Discarded = 4,
}
