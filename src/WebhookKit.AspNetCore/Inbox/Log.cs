using Microsoft.Extensions.Logging;
using WebhookKit.Diagnostics;
using WebhookKit.Idempotency;

namespace WebhookKit.Inbox;

/// <summary>What the inbox says; never a payload.</summary>
internal static partial class Log
{
    [LoggerMessage(EventId = WebhookEventIds.Receiver + 60, EventName = nameof(InboxEventKept), Level = LogLevel.Debug,
        Message = "Event {EventId} of source '{Source}', type '{EventType}', put into the inbox: {AppendResult}")]
    public static partial void InboxEventKept(ILogger logger, string source, string eventId, string eventType, InboxAppendResult appendResult);

    [LoggerMessage(EventId = WebhookEventIds.Receiver + 61, EventName = nameof(InboxEventsNotKept), Level = LogLevel.Error,
        Message = "Answered 503: {Count} event(s) of source '{Source}' could not be put into the inbox")]
    public static partial void InboxEventsNotKept(ILogger logger, Exception exception, string source, int count);

    [LoggerMessage(EventId = WebhookEventIds.Receiver + 62, EventName = nameof(InboxEventHandled), Level = LogLevel.Debug,
        Message = "Inbox event {EventId} of source '{Source}', type '{EventType}': {HandlingResult}")]
    public static partial void InboxEventHandled(ILogger logger, string source, string eventId, string eventType, HandlingResult handlingResult);

    [LoggerMessage(EventId = WebhookEventIds.Receiver + 63, EventName = nameof(InboxEventFailed), Level = LogLevel.Warning,
        Message = "Attempt {Attempt} to handle inbox event {EventId} of source '{Source}', type '{EventType}', failed; the next one is due in {NextAttemptIn}")]
    public static partial void InboxEventFailed(
        ILogger logger, Exception exception, string source, string eventId, string eventType, int attempt, TimeSpan nextAttemptIn);

    [LoggerMessage(EventId = WebhookEventIds.Receiver + 64, EventName = nameof(InboxEventDeadLettered), Level = LogLevel.Error,
        Message = "Inbox event {EventId} of source '{Source}', type '{EventType}', is dead-lettered after attempt {Attempt}")]
    public static partial void InboxEventDeadLettered(
        ILogger logger, Exception exception, string source, string eventId, string eventType, int attempt);

    [LoggerMessage(EventId = WebhookEventIds.Receiver + 65, EventName = nameof(InboxEventAbandoned), Level = LogLevel.Error,
        Message = "Inbox event {EventId} of source '{Source}', type '{EventType}', was leased {Leases} times without an outcome and is dead-lettered")]
    public static partial void InboxEventAbandoned(ILogger logger, string source, string eventId, string eventType, int leases);

    [LoggerMessage(EventId = WebhookEventIds.Receiver + 66, EventName = nameof(InboxEventGivenUp), Level = LogLevel.Warning,
        Message = "Inbox event {EventId} of source '{Source}', type '{EventType}', was given up when the shutdown timeout ended; it falls due again when its lease ends")]
    public static partial void InboxEventGivenUp(ILogger logger, string source, string eventId, string eventType);

    [LoggerMessage(EventId = WebhookEventIds.Receiver + 67, EventName = nameof(InboxEventNotWritten), Level = LogLevel.Error,
        Message = "What came of inbox event {EventId} of source '{Source}' could not be written; it falls due again when its lease ends")]
    public static partial void InboxEventNotWritten(ILogger logger, Exception exception, string source, string eventId);

    [LoggerMessage(EventId = WebhookEventIds.Receiver + 68, EventName = nameof(InboxOutageBegan), Level = LogLevel.Error,
        Message = "The inbox of source '{Source}' cannot reach its store; it keeps trying and says when it is back")]
    public static partial void InboxOutageBegan(ILogger logger, Exception exception, string source);

    [LoggerMessage(EventId = WebhookEventIds.Receiver + 69, EventName = nameof(InboxOutageEnded), Level = LogLevel.Information,
        Message = "The inbox of source '{Source}' reaches its store again after {Seconds:0.0} s")]
    public static partial void InboxOutageEnded(ILogger logger, string source, double seconds);
}
