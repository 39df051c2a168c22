using System.Net;
using Microsoft.Extensions.Logging;
using WebhookKit.Diagnostics;
using WebhookKit.Idempotency;
using WebhookKit.Verification;

namespace WebhookKit.Receiving;

/// <summary>What receiving says; never a secret, a signature or a payload.</summary>
internal static partial class Log
{
    [LoggerMessage(EventId = WebhookEventIds.Receiver + 0, EventName = nameof(UnknownSource), Level = LogLevel.Information,
        Message = "Answered 404: no source '{Source}' is configured")]
    public static partial void UnknownSource(ILogger logger, string source);

    [LoggerMessage(EventId = WebhookEventIds.Receiver + 1, EventName = nameof(MethodNotAllowed), Level = LogLevel.Information,
        Message = "Answered 405: source '{Source}' does not use the request's HTTP method")]
    public static partial void MethodNotAllowed(ILogger logger, string source);

    [LoggerMessage(EventId = WebhookEventIds.Receiver + 2, EventName = nameof(UnsupportedContentType), Level = LogLevel.Information,
        Message = "Answered 415: source '{Source}' does not send the request's content type")]
    public static partial void UnsupportedContentType(ILogger logger, string source);

    [LoggerMessage(EventId = WebhookEventIds.Receiver + 3, EventName = nameof(BodyTooLarge), Level = LogLevel.Warning,
        Message = "Answered 413: a request for source '{Source}' is larger than {MaxBodyBytes} bytes (MaxBodyBytes)")]
    public static partial void BodyTooLarge(ILogger logger, string source, int maxBodyBytes);

    [LoggerMessage(EventId = WebhookEventIds.Receiver + 4, EventName = nameof(BodyIncomplete), Level = LogLevel.Debug,
        Message = "A request for source '{Source}' ended before its body was complete")]
    public static partial void BodyIncomplete(ILogger logger, string source);

    [LoggerMessage(EventId = WebhookEventIds.Receiver + 5, EventName = nameof(NotVerified), Level = LogLevel.Warning,
        Message = "Refused a request for source '{Source}', which was not verified: {VerificationStatus}; its body has {BodyBytes} bytes{Hint}")]
    public static partial void NotVerified(
        ILogger logger, string source, VerificationStatus verificationStatus, int bodyBytes, string hint);

    [LoggerMessage(EventId = WebhookEventIds.Receiver + 6, EventName = nameof(Unreadable), Level = LogLevel.Warning,
        Message = "Answered 400: a verified request of source '{Source}' has no event type where its provider puts it: {Reason}")]
    public static partial void Unreadable(ILogger logger, string source, string reason);

    [LoggerMessage(EventId = WebhookEventIds.Receiver + 7, EventName = nameof(Unwanted), Level = LogLevel.Information,
        Message = "Acknowledged event {EventId} of source '{Source}': no handler is registered for event type '{EventType}'")]
    public static partial void Unwanted(ILogger logger, string source, string eventId, string eventType);

    [LoggerMessage(EventId = WebhookEventIds.Receiver + 8, EventName = nameof(HandedOver), Level = LogLevel.Debug,
        Message = "Event {EventId} of source '{Source}', type '{EventType}': {HandlingResult}")]
    public static partial void HandedOver(
        ILogger logger, string source, string eventId, string eventType, HandlingResult handlingResult);

    [LoggerMessage(EventId = WebhookEventIds.Receiver + 9, EventName = nameof(DataNotBound), Level = LogLevel.Error,
        Message = "Answered 500: the data of event {EventId} of source '{Source}', type '{EventType}', does not fit {DataType}: {Where}")]
    public static partial void DataNotBound(
        ILogger logger, string source, string eventId, string eventType, Type dataType, string where);

    [LoggerMessage(EventId = WebhookEventIds.Receiver + 10, EventName = nameof(HandlerFailed), Level = LogLevel.Error,
        Message = "Answered 500: handling event {EventId} of source '{Source}', type '{EventType}', failed; its claim is undone")]
    public static partial void HandlerFailed(
        ILogger logger, Exception exception, string source, string eventId, string eventType);

    [LoggerMessage(EventId = WebhookEventIds.Receiver + 11, EventName = nameof(HandlerTimedOut), Level = LogLevel.Error,
        Message = "Answered 503: handling event {EventId} of source '{Source}', type '{EventType}', took longer than {HandlerTimeout} (HandlerTimeout)")]
    public static partial void HandlerTimedOut(
        ILogger logger, Exception exception, string source, string eventId, string eventType, TimeSpan handlerTimeout);

    [LoggerMessage(EventId = WebhookEventIds.Receiver + 12, EventName = nameof(StoppedWhileHandling), Level = LogLevel.Warning,
        Message = "Answered 503: the host stopped while event {EventId} of source '{Source}', type '{EventType}', was being handled")]
    public static partial void StoppedWhileHandling(
        ILogger logger, Exception exception, string source, string eventId, string eventType);

    [LoggerMessage(EventId = WebhookEventIds.Receiver + 13, EventName = nameof(AddressNotAllowed), Level = LogLevel.Warning,
        Message = "Answered 403: {Address} is not among the allowed addresses of source '{Source}'")]
    public static partial void AddressNotAllowed(ILogger logger, string source, IPAddress? address);

    [LoggerMessage(EventId = WebhookEventIds.Receiver + 14, EventName = nameof(UnsupportedContentEncoding), Level = LogLevel.Information,
        Message = "Answered 415: a request for source '{Source}' has an encoded body (Content-Encoding)")]
    public static partial void UnsupportedContentEncoding(ILogger logger, string source);

    [LoggerMessage(EventId = WebhookEventIds.Receiver + 15, EventName = nameof(BodyTooSlow), Level = LogLevel.Information,
        Message = "Answered 408: the body of a request for source '{Source}' came too slowly")]
    public static partial void BodyTooSlow(ILogger logger, string source);
}
