namespace WebhookKit.Inbox;

/// <summary>What came of putting an event into the inbox.</summary>
public enum InboxAppendResult
{
    /// <summary>Not known.</summary>
    None = 0,

    /// <summary>It is kept and will be handled.</summary>
    Accepted = 1,

    /// <summary>It was claimed before; nothing was kept.</summary>
    Duplicate = 2,

    /// <summary>The store can keep no more; nothing was kept.</summary>
    Full = 3,
}
