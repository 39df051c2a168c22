using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using WebhookKit.AspNetCore.Tests.Hosting;

namespace WebhookKit.AspNetCore.Tests.Routing;

/// <summary>Receiver routes in the document that Microsoft.AspNetCore.OpenApi makes.</summary>
public sealed class OpenApiTests
{
    [Fact]
    public async Task Document_RouteForEverySource_HasAnOperationForEach()
    {
        var paths = await PathsAsync(app => app.MapWebhookReceiver().WithName("webhooks"));

        Assert.Equal(["/webhooks/crm", "/webhooks/gocardless"], paths.Select(path => path.Name));
        var operation = paths["/webhooks/gocardless"].GetProperty("post");
        Assert.Equal("webhooks-gocardless", operation.GetProperty("operationId").GetString());
        Assert.Equal("Webhooks", operation.GetProperty("tags")[0].GetString());
        Assert.Contains("GoCardless", operation.GetProperty("summary").GetString(), StringComparison.Ordinal);
        Assert.False(operation.TryGetProperty("parameters", out _));
        Assert.Equal(["application/json"], operation.GetProperty("requestBody").GetProperty("content").EnumerateObject().Select(type => type.Name));
        Assert.Equal(["204", "413", "415", "498", "503"], operation.GetProperty("responses").EnumerateObject().Select(status => status.Name).Order());
    }

    [Fact]
    public async Task Document_RouteOfOneSourceInAGroup_SaysWhatTheHostSays()
    {
        var paths = await PathsAsync(app => app.MapGroup("/api").MapWebhookReceiver("/hooks/{tenant}", "crm")
            .WithTags("Partners").WithSummary("Of the CRM.").WithName("crm"));

        var path = Assert.Single(paths);
        Assert.Equal("/api/hooks/{tenant}", path.Name);
        var operation = path.Value.GetProperty("post");
        Assert.Equal(
            ("crm", "Partners", "Of the CRM."),
            (operation.GetProperty("operationId").GetString(), operation.GetProperty("tags")[0].GetString(), operation.GetProperty("summary").GetString()));
        var parameter = Assert.Single(operation.GetProperty("parameters").EnumerateArray());
        Assert.Equal(("tenant", "path", true), (
            parameter.GetProperty("name").GetString(), parameter.GetProperty("in").GetString(), parameter.GetProperty("required").GetBoolean()));
    }

    [Fact]
    public async Task Document_RouteThatIsExcluded_IsNotTold() =>
        Assert.Empty(await PathsAsync(app => app.MapWebhookReceiver().ExcludeFromDescription()));

    private static async Task<Paths> PathsAsync(Func<WebApplication, IEndpointConventionBuilder> map)
    {
        await using var host = await ReceiverHost.StartAsync(
            (receiver, _) =>
            {
                receiver.AddSource("gocardless", WebhookProviders.GoCardless, source => source.AddSecret("kit").OnOthers((_, _) => Task.CompletedTask));
                receiver.AddSource("crm", WebhookProviders.GitHub, source => source.AddSecret("kit").OnOthers((_, _) => Task.CompletedTask));
            },
            setup =>
            {
                setup.ConfigureServices = services => services.AddOpenApi();
                setup.Map = app =>
                {
                    map(app);
                    app.MapOpenApi();
                };
            });
        var document = JsonElement.Parse(await host.Client.GetByteArrayAsync("/openapi/v1.json"));
        return new Paths(document.GetProperty("paths"));
    }

    private sealed class Paths(JsonElement paths) : List<JsonProperty>(paths.EnumerateObject().OrderBy(path => path.Name, StringComparer.Ordinal))
    {
        public JsonElement this[string path] => paths.GetProperty(path);
    }
}
