using Microsoft.Extensions.Logging;
using WebhookKit.Diagnostics;

namespace WebhookKit.Redelivery;

internal static partial class Log
{
    [LoggerMessage(WebhookEventIds.Sender + 32, LogLevel.Information, "{Count} deliveries were made pending again because a person asked for it", EventName = nameof(Redelivered))]
    public static partial void Redelivered(this ILogger logger, int count);

    [LoggerMessage(WebhookEventIds.Sender + 33, LogLevel.Information, "{MessageId} was canceled: {Canceled} deliveries will not be sent, {AlreadyFinal} had ended before", EventName = nameof(MessageCanceled))]
    public static partial void MessageCanceled(this ILogger logger, MessageId messageId, int canceled, int alreadyFinal);

    [LoggerMessage(WebhookEventIds.Sender + 34, LogLevel.Error, "Redeliveries wait: the store could not be asked; it is tried again", EventName = nameof(RedeliveryFailed))]
    public static partial void RedeliveryFailed(this ILogger logger, Exception exception);
}
