using Microsoft.Extensions.Logging;
using WebhookKit.Diagnostics;

namespace WebhookKit.Endpoints;

internal static partial class Log
{
    [LoggerMessage(WebhookEventIds.Sender + 6, LogLevel.Error, "The host could not say the policy of the tenant {TenantId}: what it said last holds, or else the defaults, and what would not be safe to guess fails; told once until it answers", EventName = nameof(PolicyFailed))]
    public static partial void PolicyFailed(this ILogger logger, Exception exception, string? tenantId);

    [LoggerMessage(WebhookEventIds.Sender + 60, LogLevel.Warning, "The secret {ConfigurationKey} is protected with {KeyId}, which is no longer the newest key: protect it again before that key goes", EventName = nameof(SecretUnderOldKey))]
    public static partial void SecretUnderOldKey(this ILogger logger, string configurationKey, string keyId);

    [LoggerMessage(WebhookEventIds.Sender + 61, LogLevel.Error, "{EndpointId} cannot be signed for: {Reason}", EventName = nameof(CredentialsUnreadable))]
    public static partial void CredentialsUnreadable(this ILogger logger, EndpointId endpointId, string reason);

    [LoggerMessage(WebhookEventIds.Sender + 62, LogLevel.Critical, "Stored secrets cannot be read; their endpoints are not sent to. {Reason}", EventName = nameof(SecretsUnreadable))]
    public static partial void SecretsUnreadable(this ILogger logger, string reason);

    [LoggerMessage(WebhookEventIds.Sender + 63, LogLevel.Information, "Stored secrets can be read again", EventName = nameof(SecretsReadableAgain))]
    public static partial void SecretsReadableAgain(this ILogger logger);

    [LoggerMessage(WebhookEventIds.Sender + 64, LogLevel.Information, "The stored secrets of {Count} endpoints were protected with the newest key or have expired", EventName = nameof(SecretsRenewed))]
    public static partial void SecretsRenewed(this ILogger logger, int count);

    [LoggerMessage(WebhookEventIds.Sender + 69, LogLevel.Information, "An old secret of {EndpointId} stops signing at {ExpiresAt}; those who are to know were told", EventName = nameof(SecretExpiring))]
    public static partial void SecretExpiring(this ILogger logger, EndpointId endpointId, DateTimeOffset? expiresAt);

    [LoggerMessage(WebhookEventIds.Sender + 65, LogLevel.Warning, "The upkeep of stored secrets failed; it is tried again", EventName = nameof(SecretUpkeepFailed))]
    public static partial void SecretUpkeepFailed(this ILogger logger, Exception exception);

    [LoggerMessage(WebhookEventIds.Sender + 66, LogLevel.Error, "The sender itself failed at asking for an access token", EventName = nameof(TokenRequestFaulted))]
    public static partial void TokenRequestFaulted(this ILogger logger, Exception exception);
}
