using System.Net;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using WebhookKit.AspNetCore.Tests.Hosting;

namespace WebhookKit.AspNetCore.Tests.Routing;

/// <summary>ASP.NET Core's own conventions, on receiver routes.</summary>
public sealed class ConventionTests
{
    [Fact]
    public async Task RequireRateLimiting_AppliesBeforeTheSignatureIsLookedAt()
    {
        await using var host = await StartAsync(
            services => services.AddRateLimiter(limiter => limiter.AddPolicy(
                "one", _ => System.Threading.RateLimiting.RateLimitPartition.GetConcurrencyLimiter(
                    "all", _ => new() { PermitLimit = 1, QueueLimit = 0 })).RejectionStatusCode = 429),
            app =>
            {
                app.UseRateLimiter();
                app.MapWebhookReceiver().RequireRateLimiting("one");
            },
            out var handler);

        var first = host.SendAsync(OrderPaid.Payload);
        await handler.Started.Task.WaitAsync(TimeSpan.FromSeconds(60));
        using var second = await host.SendAsync(OrderPaid.Payload);
        handler.GoOn.SetResult();
        using var firstAnswer = await first;

        Assert.Equal((HttpStatusCode.OK, HttpStatusCode.TooManyRequests), (firstAnswer.StatusCode, second.StatusCode));
    }

    [Fact]
    public async Task RequireHost_OtherHost_IsNoRoute()
    {
        await using var host = await StartAsync(_ => { }, app => app.MapWebhookReceiver().RequireHost("hooks.example"), out var handler);
        handler.GoOn.SetResult();

        using var other = await host.SendAsync(OrderPaid.Payload);
        using var request = await host.Requests.CreateAsync("/webhooks/partner", OrderPaid.Payload);
        request.Headers.Host = "hooks.example";
        using var named = await host.Client.SendAsync(request);

        Assert.Equal((HttpStatusCode.NotFound, HttpStatusCode.OK), (other.StatusCode, named.StatusCode));
    }

    [Fact]
    public async Task RequireAuthorization_WithoutALogin_IsTurnedAway()
    {
        await using var host = await StartAsync(
            services =>
            {
                services.AddAuthentication("none").AddScheme<AuthenticationSchemeOptions, NobodyHandler>("none", null);
                services.AddAuthorization();
            },
            app =>
            {
                app.UseAuthentication();
                app.UseAuthorization();
                app.MapWebhookReceiver().RequireAuthorization();
            },
            out _);

        using var response = await host.SendAsync(OrderPaid.Payload);

        Assert.Equal(HttpStatusCode.Unauthorized, response.StatusCode);
        Assert.Empty(host.Store.Claims);
    }

    [Fact]
    public async Task WithNameTagsAndDescription_AreMetadataOfTheRoute()
    {
        await using var host = await StartAsync(
            _ => { },
            app => app.MapWebhookReceiver().WithName("hooks").WithTags("webhooks").WithSummary("Receives").WithGroupName("v1"),
            out _);

        var links = host.Services.GetRequiredService<LinkGenerator>();
        var endpoint = host.Services.GetRequiredService<EndpointDataSource>().Endpoints.Single();
        Assert.Equal("/webhooks/partner", links.GetPathByName("hooks", new { source = "partner" }));
        Assert.Equal(["webhooks"], endpoint.Metadata.GetRequiredMetadata<Microsoft.AspNetCore.Http.Metadata.ITagsMetadata>().Tags);
        Assert.Equal("Receives", endpoint.Metadata.GetRequiredMetadata<Microsoft.AspNetCore.Http.Metadata.IEndpointSummaryMetadata>().Summary);
    }

    [Fact]
    public async Task MapWebhookReceiver_PatternWithoutASource_NamesTheCure()
    {
        var exception = await Assert.ThrowsAsync<ArgumentException>(
            async () => await StartAsync(_ => { }, app => app.MapWebhookReceiver("/hooks"), out _));

        Assert.Contains("{source}", exception.Message, StringComparison.Ordinal);
    }

    private static Task<ReceiverHost> StartAsync(
        Action<IServiceCollection> configure, Action<WebApplication> map, out WaitingHandler handler)
    {
        var waiting = handler = new WaitingHandler();
        return ReceiverHost.StartAsync(
            source => source.On(OrderPaid.EventType, async (_, _) =>
            {
                waiting.Started.TrySetResult();
                await waiting.GoOn.Task;
            }),
            setup => (setup.ConfigureServices, setup.Map) = (configure, map));
    }

    private sealed class WaitingHandler
    {
        public TaskCompletionSource Started { get; } = new();

        public TaskCompletionSource GoOn { get; } = new();
    }

    private sealed class NobodyHandler(
        Microsoft.Extensions.Options.IOptionsMonitor<AuthenticationSchemeOptions> options,
        Microsoft.Extensions.Logging.ILoggerFactory logger,
        System.Text.Encodings.Web.UrlEncoder encoder) : AuthenticationHandler<AuthenticationSchemeOptions>(options, logger, encoder)
    {
        protected override Task<AuthenticateResult> HandleAuthenticateAsync() => Task.FromResult(AuthenticateResult.NoResult());
    }
}
