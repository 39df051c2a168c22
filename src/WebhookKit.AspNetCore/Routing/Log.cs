using Microsoft.Extensions.Logging;
using WebhookKit.Diagnostics;

namespace WebhookKit.Routing;

/// <summary>What routing says.</summary>
internal static partial class Log
{
    [LoggerMessage(EventId = WebhookEventIds.Receiver + 40, EventName = nameof(NoRouteMapped), Level = LogLevel.Warning,
        Message = "No route leads to the receiver, so it receives nothing: call app.MapWebhookReceiver()")]
    public static partial void NoRouteMapped(ILogger logger);
}
