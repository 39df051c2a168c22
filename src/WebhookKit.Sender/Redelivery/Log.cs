using Microsoft.Extensions.Logging;
using WebhookKit.Diagnostics;

namespace WebhookKit.Redelivery;

internal static partial class Log
{
    [LoggerMessage(WebhookEventIds.Sender + 32, LogLevel.Information, "{Count} deliveries were made pending again because a person asked for it", EventName = nameof(Redelivered))]
    public static partial void Redelivered(this ILogger logger, int count);
}
