using Microsoft.Extensions.Logging;
using WebhookKit.Diagnostics;

namespace WebhookKit.Endpoints;

internal static partial class Log
{
    [LoggerMessage(WebhookEventIds.Sender + 60, LogLevel.Warning, "The secret {ConfigurationKey} is protected with {KeyId}, which is no longer the newest key: protect it again before that key goes", EventName = nameof(SecretUnderOldKey))]
    public static partial void SecretUnderOldKey(this ILogger logger, string configurationKey, string keyId);
}
