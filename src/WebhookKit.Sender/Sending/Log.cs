using Microsoft.Extensions.Logging;
using WebhookKit.Diagnostics;

namespace WebhookKit.Sending;

internal static partial class Log
{
    [LoggerMessage(WebhookEventIds.Sender + 1, LogLevel.Error, "The sender itself failed at an attempt of {MessageId} to {EndpointId}", EventName = nameof(AttemptFaulted))]
    public static partial void AttemptFaulted(this ILogger logger, Exception exception, MessageId messageId, EndpointId endpointId);

    [LoggerMessage(WebhookEventIds.Sender + 2, LogLevel.Error, "{MessageId} could not be signed for {EndpointId}", EventName = nameof(SigningFailed))]
    public static partial void SigningFailed(this ILogger logger, Exception exception, MessageId messageId, EndpointId endpointId);

    [LoggerMessage(WebhookEventIds.Sender + 3, LogLevel.Information, "The network policy has changed; endpoints are called over new connections", EventName = nameof(NetworkPolicyChanged))]
    public static partial void NetworkPolicyChanged(this ILogger logger);

    [LoggerMessage(WebhookEventIds.Sender + 4, LogLevel.Error, "The client certificate {Name} could not be read; one that was read before stays in use", EventName = nameof(ClientCertificateUnreadable))]
    public static partial void ClientCertificateUnreadable(this ILogger logger, Exception exception, string name);
}
