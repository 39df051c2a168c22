namespace WebhookKit.Receiving;

/// <summary>What receiving a request came to, in the order of the steps that decide it.</summary>
internal enum ReceiveOutcome
{
    None = 0,
    UnknownSource,
    MethodNotAllowed,
    UnsupportedContentType,
    BodyTooLarge,
    BodyIncomplete,
    NotVerified,
    Unreadable,
    Unwanted,
    Handled,
    Duplicate,
    Busy,
    Full,
    DataNotBound,
    HandlerFailed,
    HandlerTimedOut,
    Stopping,
}
