using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.Routing.Patterns;
using Microsoft.Extensions.Options;

namespace WebhookKit.Routing;

/// <summary>What must hold for receiver routes once their conventions are applied.</summary>
internal sealed class RouteRules(IOptions<AuthorizationOptions> authorization)
{
    /// <summary>Lists what is wrong with the receiver endpoints among these; others are left alone.</summary>
    public IEnumerable<string> GetErrors(IEnumerable<Endpoint> endpoints)
    {
        var receivers = endpoints.OfType<RouteEndpoint>()
            .Where(endpoint => endpoint.Metadata.GetMetadata<ReceiverRoute>() is not null)
            .ToArray();

        foreach (var sameRoute in receivers.GroupBy(Address, StringComparer.OrdinalIgnoreCase).Where(group => group.Count() > 1))
        {
            yield return $"The route '{sameRoute.First().RoutePattern.RawText}' is mapped {sameRoute.Count()} times, for {Sources(sameRoute)}. "
                + "Give each MapWebhookReceiver call a route of its own.";
        }

        foreach (var endpoint in receivers.Where(endpoint => authorization.Value.FallbackPolicy is not null && !SaysWhoMayCall(endpoint)))
        {
            yield return $"The receiver route '{endpoint.RoutePattern.RawText}' falls under the fallback authorization policy, which would "
                + "turn senders away before their signature is looked at. Add .AllowAnonymous() to MapWebhookReceiver "
                + "(the signature authenticates the sender) or .RequireAuthorization(…).";
        }
    }

    private static bool SaysWhoMayCall(Endpoint endpoint) =>
        endpoint.Metadata.GetMetadata<IAllowAnonymous>() is not null
        || endpoint.Metadata.GetMetadata<IAuthorizeData>() is not null
        || endpoint.Metadata.GetMetadata<AuthorizationPolicy>() is not null;

    // Parameter names do not tell routes apart; hosts do.
    private static string Address(RouteEndpoint endpoint)
    {
        var segments = endpoint.RoutePattern.PathSegments.Select(segment => string.Concat(segment.Parts.Select(
            part => part is RoutePatternLiteralPart literal ? literal.Content : "{}")));
        var hosts = endpoint.Metadata.GetMetadata<IHostMetadata>()?.Hosts ?? [];
        return $"{string.Join('/', segments)} {string.Join(' ', hosts.Order(StringComparer.Ordinal))}";
    }

    private static string Sources(IEnumerable<RouteEndpoint> endpoints) => string.Join(" and ", endpoints
        .Select(endpoint => endpoint.Metadata.GetMetadata<ReceiverRoute>()?.SourceName)
        .Select(name => name is null ? "every source" : $"source '{name}'")
        .Distinct(StringComparer.Ordinal));
}
