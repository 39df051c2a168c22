using Microsoft.Extensions.Logging;
using WebhookKit.Diagnostics;

namespace WebhookKit.Endpoints;

internal static partial class HealthLog
{
    [LoggerMessage(WebhookEventIds.Sender + 29, LogLevel.Warning, "{EndpointId} is failing, {Failures} attempt(s) in a row; its circuit is {Circuit}", EventName = nameof(EndpointFailing))]
    public static partial void EndpointFailing(this ILogger logger, EndpointId endpointId, int failures, EndpointCircuit circuit);

    [LoggerMessage(WebhookEventIds.Sender + 30, LogLevel.Information, "{EndpointId} has recovered", EventName = nameof(EndpointRecovered))]
    public static partial void EndpointRecovered(this ILogger logger, EndpointId endpointId);

    [LoggerMessage(WebhookEventIds.Sender + 31, LogLevel.Warning, "{EndpointId} has been failing since {FailingSince}, {Failures} attempts in a row, and is disabled; enable it again once its receiver works", EventName = nameof(EndpointGivenUp))]
    public static partial void EndpointGivenUp(this ILogger logger, EndpointId endpointId, DateTimeOffset? failingSince, int failures);
}
