using Microsoft.Extensions.Logging;
using WebhookKit.Diagnostics;

namespace WebhookKit.Dispatch;

internal static partial class Log
{
    [LoggerMessage(WebhookEventIds.Sender + 10, LogLevel.Error, "The store fails at the step '{Step}'; the dispatcher keeps trying and says when it is back", EventName = nameof(StoreOutageBegan))]
    public static partial void StoreOutageBegan(this ILogger logger, Exception exception, string step);

    [LoggerMessage(WebhookEventIds.Sender + 11, LogLevel.Information, "The store works again after {Seconds:0.0} s", EventName = nameof(StoreOutageEnded))]
    public static partial void StoreOutageEnded(this ILogger logger, double seconds);

    [LoggerMessage(WebhookEventIds.Sender + 12, LogLevel.Error, "The outcome of {DeliveryId} cannot be written; it falls due again when its lease ends", EventName = nameof(CompletionRejected))]
    public static partial void CompletionRejected(this ILogger logger, Exception exception, DeliveryId deliveryId);

    [LoggerMessage(WebhookEventIds.Sender + 13, LogLevel.Warning, "{Count} outcome(s) could not be written before their lease ended; their deliveries are sent again", EventName = nameof(CompletionsLost))]
    public static partial void CompletionsLost(this ILogger logger, int count);

    [LoggerMessage(WebhookEventIds.Sender + 14, LogLevel.Information, "{Count} outcome(s) came after their lease had passed on and were recorded as late", EventName = nameof(CompletionsLate))]
    public static partial void CompletionsLate(this ILogger logger, int count);

    [LoggerMessage(WebhookEventIds.Sender + 15, LogLevel.Warning, "{DeliveryId} was leased {Leases} times without an outcome and is dead-lettered", EventName = nameof(DeliveryAbandoned))]
    public static partial void DeliveryAbandoned(this ILogger logger, DeliveryId deliveryId, int leases);

    [LoggerMessage(WebhookEventIds.Sender + 16, LogLevel.Warning, "{EndpointId} answered 410 Gone and is disabled", EventName = nameof(EndpointGone))]
    public static partial void EndpointGone(this ILogger logger, EndpointId endpointId);

    [LoggerMessage(WebhookEventIds.Sender + 17, LogLevel.Information, "{Count} deliveries to {EndpointId} were skipped because it is disabled", EventName = nameof(DeliveriesSkipped))]
    public static partial void DeliveriesSkipped(this ILogger logger, int count, EndpointId endpointId);

    [LoggerMessage(WebhookEventIds.Sender + 18, LogLevel.Debug, "{DeliveryId} attempt {AttemptId} to {EndpointId}: {Outcome} {StatusCode}", EventName = nameof(AttemptMade))]
    public static partial void AttemptMade(
        this ILogger logger, DeliveryId deliveryId, AttemptId attemptId, EndpointId endpointId, Deliveries.AttemptOutcome outcome, int? statusCode);

    [LoggerMessage(WebhookEventIds.Sender + 21, LogLevel.Information, "{DeliveryId} attempt {AttemptId} to {EndpointId} failed: {Outcome} {StatusCode}; the next one is due in {NextAttemptIn}", EventName = nameof(AttemptFailed))]
    public static partial void AttemptFailed(
        this ILogger logger, DeliveryId deliveryId, AttemptId attemptId, EndpointId endpointId, Deliveries.AttemptOutcome outcome, int? statusCode, TimeSpan nextAttemptIn);

    [LoggerMessage(WebhookEventIds.Sender + 22, LogLevel.Warning, "{DeliveryId} to {EndpointId} is dead-lettered after attempt {AttemptId}, {Outcome} {StatusCode}: {Reason}", EventName = nameof(DeliveryDeadLettered))]
    public static partial void DeliveryDeadLettered(
        this ILogger logger, DeliveryId deliveryId, EndpointId endpointId, AttemptId attemptId, Deliveries.AttemptOutcome outcome, int? statusCode, Deliveries.DeliveryStatusReason reason);

    [LoggerMessage(WebhookEventIds.Sender + 19, LogLevel.Critical, "The dispatcher met a fault of its own and goes on", EventName = nameof(DispatchFaulted))]
    public static partial void DispatchFaulted(this ILogger logger, Exception exception);

    [LoggerMessage(WebhookEventIds.Sender + 24, LogLevel.Error, "{DeliveryId} cannot be read, or its message or endpoint; it falls due again when its lease ends, and is dead-lettered after its fifth", EventName = nameof(DeliveryUnreadable))]
    public static partial void DeliveryUnreadable(this ILogger logger, Exception exception, DeliveryId deliveryId);

    [LoggerMessage(WebhookEventIds.Sender + 25, LogLevel.Error, "{MessageId} cannot be fanned out; it stays in the outbox and holds up no other but those behind it in its ordering key", EventName = nameof(MessageRejected))]
    public static partial void MessageRejected(this ILogger logger, Exception exception, MessageId messageId);

    [LoggerMessage(WebhookEventIds.Sender + 26, LogLevel.Error, "{MessageId} could not be fanned out {Times} times; its deliveries are skipped", EventName = nameof(MessageSkipped))]
    public static partial void MessageSkipped(this ILogger logger, MessageId messageId, int times);

    [LoggerMessage(WebhookEventIds.Sender + 27, LogLevel.Warning, "{EndpointId} has deliveries but is not declared by this process, which has no secret for it: they are left to other nodes", EventName = nameof(EndpointLeftToOthers))]
    public static partial void EndpointLeftToOthers(this ILogger logger, EndpointId endpointId);

    [LoggerMessage(WebhookEventIds.Sender + 28, LogLevel.Warning, "The filter of {EndpointId} cannot be asked about {MessageId}, the first of this batch: the payload is not JSON, or the filter is of another version; the delivery is skipped", EventName = nameof(FilterFailed))]
    public static partial void FilterFailed(this ILogger logger, MessageId messageId, EndpointId endpointId);

    [LoggerMessage(WebhookEventIds.Sender + 20, LogLevel.Warning, "{Count} attempt(s) were still in flight when the shutdown timeout ended and were given up", EventName = nameof(AttemptsGivenUp))]
    public static partial void AttemptsGivenUp(this ILogger logger, int count);

    [LoggerMessage(WebhookEventIds.Sender + 23, LogLevel.Information, "{Count} message(s) were wanted by no endpoint, the first {MessageId} of type '{EventType}': compare the endpoints' event types, filters and tenants", EventName = nameof(MessagesUnwanted))]
    public static partial void MessagesUnwanted(this ILogger logger, int count, MessageId messageId, string eventType);
}
