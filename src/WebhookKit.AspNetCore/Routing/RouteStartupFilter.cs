using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using WebhookKit.DependencyInjection;

namespace WebhookKit.Routing;

/// <summary>
/// Checks the routes that <see cref="RouteStartupCheck"/> could not see whole: those of groups, whose prefix and
/// conventions come later, and those mapped while the pipeline is built. Runs before the server listens.
/// </summary>
internal sealed class RouteStartupFilter(
    ReceiverRoutes routes, RouteStartupCheck check, RouteRules rules, ILogger<RouteStartupFilter> logger) : IStartupFilter
{
    public Action<IApplicationBuilder> Configure(Action<IApplicationBuilder> next) => app =>
    {
        next(app);
        if (routes.All.Count == 0)
        {
            Log.NoRouteMapped(logger);
        }

        if (routes.AllChecked)
        {
            return;
        }

        var endpoints = app.ApplicationServices.GetRequiredService<EndpointDataSource>().Endpoints;
        var errors = check.GetErrors().Union(rules.GetErrors(endpoints), StringComparer.Ordinal).ToArray();
        if (errors.Length > 0)
        {
            throw new WebhookConfigurationException(errors);
        }
    };
}
