using System.Diagnostics.CodeAnalysis;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using WebhookKit.Receiving;
using WebhookKit.Routing;

namespace WebhookKit;

/// <summary>Routes webhooks to the receiver.</summary>
public static class ReceiverEndpointRouteBuilderExtensions
{
    /// <summary>Receives the webhooks of every source at <c>/webhooks/{source}</c>.</summary>
    /// <remarks>
    /// Says nothing about authorization: under a fallback policy add <c>.AllowAnonymous()</c>, since the signature is
    /// what authenticates a sender.
    /// </remarks>
    /// <param name="endpoints">The application, or a group of routes.</param>
    /// <exception cref="WebhookConfigurationException"><c>AddReceiver</c> was not called.</exception>
    public static IEndpointConventionBuilder MapWebhookReceiver(this IEndpointRouteBuilder endpoints) =>
        Map(endpoints, ReceiverDefaults.Pattern, null);

    /// <summary>Receives the webhooks of every source at a route of your own.</summary>
    /// <remarks>
    /// The route value <c>source</c> names the source, and <c>tenant</c>, where the route has it, the tenant whose secrets
    /// verify, see <see cref="SourceBuilder.AddTenantSecret"/>. Says nothing about authorization.
    /// </remarks>
    /// <param name="endpoints">The application, or a group of routes.</param>
    /// <param name="pattern">The route, for example <c>/webhooks/{source}/{tenant}</c>.</param>
    /// <exception cref="ArgumentException">The route has no <c>{source}</c>.</exception>
    /// <exception cref="WebhookConfigurationException"><c>AddReceiver</c> was not called.</exception>
    public static IEndpointConventionBuilder MapWebhookReceiver(
        this IEndpointRouteBuilder endpoints, [StringSyntax("Route")] string pattern)
    {
        ArgumentNullException.ThrowIfNull(pattern);
        return pattern.Contains("{source", StringComparison.OrdinalIgnoreCase)
            ? Map(endpoints, pattern, null)
            : throw new ArgumentException(
                $"The route '{pattern}' says nothing of the source: write '{{source}}' into it, or name the source as the next argument.",
                nameof(pattern));
    }

    /// <summary>Receives the webhooks of one source.</summary>
    /// <remarks>Says nothing about authorization, see <see cref="MapWebhookReceiver(IEndpointRouteBuilder)"/>.</remarks>
    /// <param name="endpoints">The application, or a group of routes.</param>
    /// <param name="pattern">The route, for example <c>/hooks/stripe</c>.</param>
    /// <param name="sourceName">The name of a configured source.</param>
    /// <exception cref="WebhookConfigurationException"><c>AddReceiver</c> was not called.</exception>
    public static IEndpointConventionBuilder MapWebhookReceiver(
        this IEndpointRouteBuilder endpoints, [StringSyntax("Route")] string pattern, string sourceName)
    {
        ArgumentNullException.ThrowIfNull(pattern);
        ArgumentException.ThrowIfNullOrEmpty(sourceName);
        return Map(endpoints, pattern, sourceName);
    }

    private static IEndpointConventionBuilder Map(IEndpointRouteBuilder endpoints, string pattern, string? sourceName)
    {
        ArgumentNullException.ThrowIfNull(endpoints);
        var services = endpoints.ServiceProvider;
        var routes = services.GetService<ReceiverRoutes>() ?? throw new WebhookConfigurationException(
            [$"MapWebhookReceiver for '{pattern}' needs a receiver: call AddWebhooks().AddReceiver(…) on the services."]);
        var receiver = services.GetRequiredService<WebhookReceiver>();

        // No HTTP method metadata: the provider decides the methods, and the receiver answers 405 itself.
        var own = new OwnDataSourceBuilder(endpoints);
        var convention = own.Map(pattern, http => receiver.ReceiveAsync(http, sourceName ?? RouteValue(http, "source") ?? "", RouteValue(http, "tenant")));
        var route = new ReceiverRoute(pattern, sourceName, own.DataSources.Single(), endpoints is RouteGroupBuilder);
        endpoints.DataSources.Add(route.Endpoints);
        routes.Add(route);
        return convention.WithDisplayName($"Webhook receiver {pattern}").WithMetadata(route);
    }

    private static string? RouteValue(HttpContext http, string name) => http.Request.RouteValues[name] as string;
}
