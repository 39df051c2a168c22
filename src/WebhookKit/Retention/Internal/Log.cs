using Microsoft.Extensions.Logging;
using WebhookKit.Diagnostics;

namespace WebhookKit.Retention.Internal;

/// <summary>What retention tells.</summary>
internal static partial class Log
{
    [LoggerMessage(WebhookEventIds.Core + 0, LogLevel.Information, "Retention deleted {Count} {Step}", EventName = nameof(RetentionDeleted))]
    public static partial void RetentionDeleted(this ILogger logger, long count, string step);

    [LoggerMessage(WebhookEventIds.Core + 1, LogLevel.Warning, "Retention could not delete {Step}; it tries again after {Interval} and says when it can", EventName = nameof(RetentionFailed))]
    public static partial void RetentionFailed(this ILogger logger, Exception exception, string step, TimeSpan interval);

    [LoggerMessage(WebhookEventIds.Core + 2, LogLevel.Information, "Retention can delete {Step} again", EventName = nameof(RetentionRecovered))]
    public static partial void RetentionRecovered(this ILogger logger, string step);
}
