namespace WebhookKit.Publishing;

/// <summary>What waits in the store for a dispatcher.</summary>
[Flags]
public enum WaitingWork
{
    /// <summary>Nothing that is known of.</summary>
    None = 0,

    /// <summary>Committed messages that are to be fanned out.</summary>
    Messages = 1,

    /// <summary>Deliveries that are due and that nobody has leased.</summary>
    Deliveries = 2,
}
