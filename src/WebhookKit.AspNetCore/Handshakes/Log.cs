using Microsoft.Extensions.Logging;
using WebhookKit.Diagnostics;

namespace WebhookKit.Handshakes;

/// <summary>What handshakes say; never a challenge, a token or a secret.</summary>
internal static partial class Log
{
    [LoggerMessage(EventId = WebhookEventIds.Receiver + 80, EventName = nameof(HandshakeAnswered), Level = LogLevel.Information,
        Message = "Answered a handshake of source '{Source}'")]
    public static partial void HandshakeAnswered(this ILogger logger, string source);

    [LoggerMessage(EventId = WebhookEventIds.Receiver + 81, EventName = nameof(HandshakeRefused), Level = LogLevel.Warning,
        Message = "Answered {StatusCode} to a handshake of source '{Source}': {HandshakeStatus}")]
    public static partial void HandshakeRefused(this ILogger logger, string source, HandshakeStatus handshakeStatus, int statusCode);
}
