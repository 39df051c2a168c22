using Microsoft.Extensions.Logging;
using WebhookKit.Diagnostics;

namespace WebhookKit.Rendering;

internal static partial class Log
{
    [LoggerMessage(WebhookEventIds.Sender + 5, LogLevel.Error, "{MessageId} could not be rendered in the payload format {Format}; its deliveries are tried again by their schedule", EventName = nameof(RenderingFailed))]
    public static partial void RenderingFailed(this ILogger logger, Exception exception, MessageId messageId, string format);
}
