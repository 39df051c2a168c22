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
        var convention = own.Map(pattern, http => receiver.ReceiveAsync(http, sourceName ?? RouteSource(http)));
        var route = new ReceiverRoute(pattern, sourceName, own.DataSources.Single(), endpoints is RouteGroupBuilder);
        endpoints.DataSources.Add(route.Endpoints);
        routes.Add(route);
        return convention.WithDisplayName($"Webhook receiver {pattern}").WithMetadata(route);
    }

    private static string RouteSource(HttpContext http) => http.Request.RouteValues["source"] as string ?? "";
}
