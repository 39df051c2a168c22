using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;

namespace WebhookKit.Routing;

/// <summary>Maps into a data source of its own, so that looking at a receiver's metadata builds no endpoint of the host.</summary>
internal sealed class OwnDataSourceBuilder(IEndpointRouteBuilder endpoints) : IEndpointRouteBuilder
{
    public IServiceProvider ServiceProvider => endpoints.ServiceProvider;

    public ICollection<EndpointDataSource> DataSources { get; } = [];

    public IApplicationBuilder CreateApplicationBuilder() => endpoints.CreateApplicationBuilder();
}
