namespace WebhookKit.Idempotency;

/// <summary>What came of handing an event to its handler.</summary>
public enum HandlingResult
{
    /// <summary>Not known.</summary>
    None = 0,

    /// <summary>The handler ran and its effect is committed together with the claim.</summary>
    Handled = 1,

    /// <summary>The event was claimed before; the handler did not run.</summary>
    Duplicate = 2,

    /// <summary>Another copy is being handled right now; the sender should come again.</summary>
    Busy = 3,

    /// <summary>The store can remember no more claims; the handler did not run.</summary>
    Full = 4,

    /// <summary>Of an inbox entry: its lease has passed to another owner, or it is finished; nothing is committed.</summary>
    LeaseLost = 5,
}
