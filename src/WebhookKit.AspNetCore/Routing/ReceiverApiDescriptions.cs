using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Metadata;
using Microsoft.AspNetCore.Mvc.Abstractions;
using Microsoft.AspNetCore.Mvc.ApiExplorer;
using Microsoft.AspNetCore.Mvc.ModelBinding;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.Routing.Patterns;
using WebhookKit.Sources;
using WebhookKit.Verification;

namespace WebhookKit.Routing;

/// <summary>
/// Tells of receiver routes where documents of the API are made (OpenAPI), one operation for each source: the framework
/// itself passes over endpoints that leave the method to the provider.
/// </summary>
internal sealed class ReceiverApiDescriptions(EndpointDataSource endpoints, SourceRegistry sources) : IApiDescriptionProvider
{
    private const string Tag = "Webhooks";

    private static readonly PlainTypeMetadata NoContent = new(typeof(void));

    /// <summary>Beside the framework's own.</summary>
    public int Order => -1000;

    public void OnProvidersExecuting(ApiDescriptionProviderContext context)
    {
        foreach (var endpoint in endpoints.Endpoints.OfType<RouteEndpoint>())
        {
            if (endpoint.Metadata.GetMetadata<ReceiverRoute>() is not { } route
                || endpoint.Metadata.GetMetadata<IExcludeFromDescriptionMetadata>() is { ExcludeFromDescription: true })
            {
                continue;
            }

            foreach (var source in sources.Snapshot.Sources.DistinctBy(source => source.Name).OrderBy(source => source.Name, StringComparer.Ordinal))
            {
                if (route.SourceName is null || string.Equals(route.SourceName, source.Name, StringComparison.OrdinalIgnoreCase))
                {
                    context.Results.Add(Describe(endpoint, route, source));
                }
            }
        }
    }

    public void OnProvidersExecuted(ApiDescriptionProviderContext context)
    {
        // Nothing of the others is changed.
    }

    private static ApiDescription Describe(RouteEndpoint endpoint, ReceiverRoute route, Source source)
    {
        var description = new ApiDescription
        {
            HttpMethod = source.Provider.Methods[0],
            RelativePath = PathOf(endpoint.RoutePattern, source.Name),
            GroupName = endpoint.Metadata.GetMetadata<IEndpointGroupNameMetadata>()?.EndpointGroupName,
            ActionDescriptor = new ActionDescriptor
            {
                DisplayName = endpoint.DisplayName,
                EndpointMetadata = [.. MetadataOf(endpoint, route, source)],
                RouteValues = { ["controller"] = Tag },
            },
        };
        foreach (var parameter in endpoint.RoutePattern.Parameters.Where(parameter => !IsSource(parameter)))
        {
            description.ParameterDescriptions.Add(Parameter(parameter.Name, typeof(string), BindingSource.Path));
        }

        description.ParameterDescriptions.Add(Parameter("payload", typeof(Stream), BindingSource.Body));
        foreach (var contentType in source.Provider.ContentTypes.DefaultIfEmpty("application/octet-stream"))
        {
            description.SupportedRequestFormats.Add(new ApiRequestFormat { MediaType = contentType });
        }

        foreach (var status in StatusesOf(source.Provider))
        {
            description.SupportedResponseTypes.Add(
                new ApiResponseType { StatusCode = status, Type = typeof(void), ModelMetadata = NoContent });
        }

        return description;
    }

    // What the host says comes last and so has the last word; names are one operation's alone.
    private static IEnumerable<object> MetadataOf(RouteEndpoint endpoint, ReceiverRoute route, Source source)
    {
        yield return new TagsAttribute(Tag);
        yield return new EndpointSummaryAttribute($"Receives the webhooks of {source.Provider.Title} for the source '{source.Name}'.");
        foreach (var metadata in endpoint.Metadata)
        {
            yield return route.SourceName is null && metadata is IEndpointNameMetadata name
                ? new EndpointNameAttribute($"{name.EndpointName}-{source.Name}")
                : metadata;
        }
    }

    private static int[] StatusesOf(WebhookProvider provider) =>
    [
        .. new[]
        {
            provider.AcceptedStatus, provider.RefusedStatus, StatusCodes.Status413PayloadTooLarge,
            StatusCodes.Status415UnsupportedMediaType, StatusCodes.Status503ServiceUnavailable,
        }.Distinct(),
    ];

    private static string PathOf(RoutePattern pattern, string source) => string.Join('/', pattern.PathSegments.Select(segment =>
        string.Concat(segment.Parts.Select(part => part switch
        {
            RoutePatternLiteralPart literal => literal.Content,
            RoutePatternSeparatorPart separator => separator.Content,
            RoutePatternParameterPart parameter => IsSource(parameter) ? source : $"{{{parameter.Name}}}",
            _ => "",
        }))));

    private static bool IsSource(RoutePatternParameterPart parameter) => parameter.Name.Equals("source", StringComparison.OrdinalIgnoreCase);

    private static ApiParameterDescription Parameter(string name, Type type, BindingSource source) => new()
    {
        Name = name,
        Type = type,
        ModelMetadata = new PlainTypeMetadata(type),
        Source = source,
        IsRequired = true,
        ParameterDescriptor = new ParameterDescriptor { Name = name, ParameterType = type },
    };
}
