namespace WebhookKit.Receiving;

/// <summary>What receiving a request or one of its events came to; of several events the greatest value is the request's.</summary>
internal enum ReceiveOutcome
{
    None = 0,
    UnknownSource,
    AddressNotAllowed,
    MethodNotAllowed,
    UnsupportedContentType,
    UnsupportedContentEncoding,
    BodyTooLarge,
    BodyTooSlow,
    BodyIncomplete,
    HandshakeAnswered,
    HandshakeRefused,
    NotVerified,
    Unreadable,
    NoEvents,
    Unwanted,
    Duplicate,
    Kept,
    Handled,
    DataNotBound,
    HandlerFailed,
    HandlerTimedOut,
    NotKept,
    Busy,
    Full,
    Stopping,
}
