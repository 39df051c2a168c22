using Microsoft.Extensions.Logging;
using WebhookKit.Diagnostics;

namespace WebhookKit.Sources;

/// <summary>What configuring sources says; never a secret.</summary>
internal static partial class Log
{
    [LoggerMessage(EventId = WebhookEventIds.Receiver + 50, EventName = nameof(SourceWithoutHandlers), Level = LogLevel.Warning,
        Message = "The source '{Source}' has no handler: its events are acknowledged and dropped")]
    public static partial void SourceWithoutHandlers(ILogger logger, string source);

    [LoggerMessage(EventId = WebhookEventIds.Receiver + 51, EventName = nameof(SourcesReloaded), Level = LogLevel.Information,
        Message = "The configuration changed; {SourceCount} sources are read anew")]
    public static partial void SourcesReloaded(ILogger logger, int sourceCount);

    [LoggerMessage(EventId = WebhookEventIds.Receiver + 52, EventName = nameof(ReloadRejected), Level = LogLevel.Error,
        Message = "The changed configuration is not used, the last good one stays: {Errors}")]
    public static partial void ReloadRejected(ILogger logger, string errors);
}
