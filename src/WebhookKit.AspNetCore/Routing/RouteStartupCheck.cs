using WebhookKit.DependencyInjection;
using WebhookKit.Sources;

namespace WebhookKit.Routing;

/// <summary>Reports receiver routes for sources that do not exist, and routes that break a rule.</summary>
internal sealed class RouteStartupCheck(ReceiverRoutes routes, RouteRules rules, SourceRegistry sources) : IStartupCheck
{
    public IEnumerable<string> GetErrors()
    {
        var names = sources.Snapshot.Names;
        foreach (var route in routes.All)
        {
            if (route.SourceName is not null && !names.Contains(route.SourceName))
            {
                yield return $"MapWebhookReceiver maps '{route.Pattern}' to the source '{route.SourceName}', which is not configured. "
                    + $"Map one of: {string.Join(", ", names.Select(name => $"'{name}'"))}; or add it with AddSource.";
            }
        }

        var ungrouped = routes.All.Where(route => !route.IsGrouped).SelectMany(route => route.Endpoints.Endpoints);
        foreach (var error in rules.GetErrors(ungrouped))
        {
            yield return error;
        }

        routes.MarkChecked();
    }
}
