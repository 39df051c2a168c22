using Microsoft.Extensions.Logging;
using WebhookKit.Diagnostics;

namespace WebhookKit.PostgreSql.WakeUp;

internal static partial class Log
{
    [LoggerMessage(WebhookEventIds.PostgreSql + 10, LogLevel.Warning, "Nodes cannot wake each other through PostgreSQL; until they can again, dispatchers find work by their poll", EventName = nameof(WakeUpLost))]
    public static partial void WakeUpLost(this ILogger logger, Exception exception);

    [LoggerMessage(WebhookEventIds.PostgreSql + 11, LogLevel.Information, "Nodes wake each other through PostgreSQL again after {Seconds:0.0} s", EventName = nameof(WakeUpRestored))]
    public static partial void WakeUpRestored(this ILogger logger, double seconds);
}
