namespace WebhookKit;

/// <summary>Whether anything of a message was canceled.</summary>
public enum CancellationStatus
{
    /// <summary>Nothing was tried: the value of a forgotten result.</summary>
    None = 0,

    /// <summary>Deliveries were canceled; others may have been final already.</summary>
    Canceled = 1,

    /// <summary>Nothing was left to cancel: every delivery was final, or nobody wanted the message.</summary>
    NothingPending = 2,

    /// <summary>There is no such message, or not any more.</summary>
    NotFound = 3,
}
