namespace WebhookKit.Dispatch;

/// <summary>What may wait for a slot that has just become free.</summary>
[Flags]
internal enum SlotWaiters
{
    None = 0,

    /// <summary>Retries of the endpoint that a lease could not take, nor see.</summary>
    Retries = 1,

    /// <summary>Fan-out, which holds back while slots are scarce.</summary>
    FanOut = 2,
}
