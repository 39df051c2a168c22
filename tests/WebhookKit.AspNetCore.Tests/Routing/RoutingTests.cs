using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.RateLimiting;
using Microsoft.Extensions.DependencyInjection;
using WebhookKit.AspNetCore.Tests.Hosting;

namespace WebhookKit.AspNetCore.Tests.Routing;

public sealed class RoutingTests
{
    [Fact]
    public async Task MapWebhookReceiver_PatternAndSource_ReceivesThereAlone()
    {
        await using var host = await StartAsync(app => app.MapWebhookReceiver("/hooks/in", "partner"));

        Assert.Equal(HttpStatusCode.OK, await SendAsync(host, "/hooks/in"));
        Assert.Equal(HttpStatusCode.NotFound, await SendAsync(host, "/webhooks/partner"));
    }

    [Fact]
    public async Task MapWebhookReceiver_Forgotten_IsWarnedOf()
    {
        await using var host = await StartAsync(_ => { });

        Assert.Contains("app.MapWebhookReceiver()", host.Log.Single("NoRouteMapped").Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task MapWebhookReceiver_SourceInTheRoute_IsFoundWithoutRegardToCase()
    {
        await using var host = await StartAsync(app => app.MapWebhookReceiver());

        Assert.Equal(HttpStatusCode.OK, await SendAsync(host, "/Webhooks/PARTNER"));
        Assert.Equal("partner", Assert.Single(host.Store.Claims.Values).Source);
    }

    [Fact]
    public async Task MapWebhookReceiver_InAGroup_HasItsPrefix()
    {
        await using var host = await StartAsync(app => app.MapGroup("/api").MapGroup("/v1").MapWebhookReceiver());

        Assert.Equal(HttpStatusCode.OK, await SendAsync(host, "/api/v1/webhooks/partner"));
    }

    [Fact]
    public async Task RequireRateLimiting_OnTheRoute_Limits()
    {
        await using var host = await ReceiverHost.StartAsync(
            source => source.On(OrderPaid.EventType, (_, _) => Task.CompletedTask),
            setup =>
            {
                setup.ConfigureServices = services => services.AddRateLimiter(options => options.AddFixedWindowLimiter("two", window =>
                {
                    window.PermitLimit = 2;
                    window.Window = TimeSpan.FromHours(1);
                }));
                setup.Map = app =>
                {
                    app.UseRateLimiter();
                    app.MapWebhookReceiver().RequireRateLimiting("two");
                };
            });

        Assert.Equal(HttpStatusCode.OK, await SendAsync(host, "/webhooks/partner"));
        Assert.Equal(HttpStatusCode.OK, await SendAsync(host, "/webhooks/partner"));
        Assert.Equal(HttpStatusCode.ServiceUnavailable, await SendAsync(host, "/webhooks/partner"));
        Assert.Equal(2, host.Store.Claims.Count);
    }

    [Fact]
    public async Task RequireHost_OnOneRouteForTwoSources_TellsThemApart()
    {
        await using var host = await ReceiverHost.StartAsync(
            (receiver, secret) => receiver.AddSource("partner", WebhookProviders.StandardWebhooks, Configure(secret))
                .AddSource("second", WebhookProviders.StandardWebhooks, Configure(secret)),
            setup => setup.Map = app =>
            {
                app.MapWebhookReceiver("/hooks", "partner").RequireHost("one.example");
                app.MapWebhookReceiver("/hooks", "second").RequireHost("two.example");
            });

        Assert.Equal(HttpStatusCode.OK, await SendAsync(host, "/hooks", "two.example"));
        Assert.Equal("second", Assert.Single(host.Store.Claims.Values).Source);
        Assert.Equal(HttpStatusCode.NotFound, await SendAsync(host, "/hooks", "three.example"));
    }

    private static Action<SourceBuilder> Configure(WebhookSecret secret) => source =>
        source.AddSecret(secret.Reveal()).On(OrderPaid.EventType, (_, _) => Task.CompletedTask);

    private static Task<ReceiverHost> StartAsync(Action<WebApplication> map) => ReceiverHost.StartAsync(
        source => source.On(OrderPaid.EventType, (_, _) => Task.CompletedTask), setup => setup.Map = map);

    private static async Task<HttpStatusCode> SendAsync(ReceiverHost host, string url, string? hostName = null)
    {
        using var request = await host.Requests.CreateAsync(url, OrderPaid.Payload);
        request.Headers.Host = hostName;
        using var response = await host.Client.SendAsync(request);
        return response.StatusCode;
    }
}
