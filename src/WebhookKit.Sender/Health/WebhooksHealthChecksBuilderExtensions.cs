using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using WebhookKit.Health;

namespace WebhookKit;

/// <summary>Adds the sender to an application's health checks.</summary>
public static class WebhooksHealthChecksBuilderExtensions
{
    /// <summary>Adds a check of the dispatcher, its store and its backlog.</summary>
    /// <param name="builder">The builder of <c>AddHealthChecks()</c>.</param>
    /// <param name="name">The name of the check.</param>
    /// <param name="failureStatus">What to report for unhealthy; <see cref="HealthStatus.Unhealthy"/> when omitted.</param>
    /// <param name="tags">Tags to filter checks by.</param>
    /// <param name="configure">Changes the thresholds.</param>
    /// <remarks>Its data holds the figures behind the verdict, ages and durations in seconds.</remarks>
    public static IHealthChecksBuilder AddWebhooks(
        this IHealthChecksBuilder builder,
        string name = "webhooks",
        HealthStatus? failureStatus = null,
        IEnumerable<string>? tags = null,
        Action<WebhooksHealthOptions>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentException.ThrowIfNullOrEmpty(name);
        var options = new WebhooksHealthOptions();
        configure?.Invoke(options);
        return builder.Add(new HealthCheckRegistration(
            name, services => new WebhooksHealthCheck(services, options), failureStatus, tags));
    }
}
