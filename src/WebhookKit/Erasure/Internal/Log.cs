using Microsoft.Extensions.Logging;
using WebhookKit.Diagnostics;

namespace WebhookKit.Erasure.Internal;

/// <summary>What erasure tells; a tenant's id is what may have to be forgotten, so it is not told.</summary>
internal static partial class Log
{
    [LoggerMessage(WebhookEventIds.Core + 10, LogLevel.Information, "{MessageId} is erased; {Deliveries} deliveries were canceled, {InboxEntries} inbox entries emptied", EventName = nameof(MessageErased))]
    public static partial void MessageErased(this ILogger logger, MessageId messageId, long deliveries, long inboxEntries);

    [LoggerMessage(WebhookEventIds.Core + 11, LogLevel.Information, "A tenant is erased: {Messages} messages, {Deliveries} deliveries canceled, {InboxEntries} inbox entries, {Endpoints} endpoints disabled", EventName = nameof(TenantErased))]
    public static partial void TenantErased(this ILogger logger, long messages, long deliveries, long inboxEntries, long endpoints);
}
