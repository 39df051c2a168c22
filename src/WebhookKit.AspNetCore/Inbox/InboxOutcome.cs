namespace WebhookKit.Inbox;

/// <summary>What handling an inbox entry came to.</summary>
internal enum InboxOutcome
{
    None = 0,
    Handled,
    Failed,
    DeadLettered,
    LeaseLost,
    Stopped,
}
