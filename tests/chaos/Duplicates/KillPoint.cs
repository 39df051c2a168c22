namespace WebhookKit.Chaos.Duplicates;

/// <summary>Where a receiver ends by SIGKILL.</summary>
internal enum KillPoint
{
    /// <summary>Everything of the request is written and nothing committed: inline claim and effect, else claim and inbox entry.</summary>
    Claimed,

    /// <summary>That is committed, and the sender not answered.</summary>
    Committed,

    /// <summary>An inbox entry's effect is written and not committed.</summary>
    Handling,

    /// <summary>An inbox entry's effect has just been committed.</summary>
    Handled,

    /// <summary>At any moment.</summary>
    Random,
}
