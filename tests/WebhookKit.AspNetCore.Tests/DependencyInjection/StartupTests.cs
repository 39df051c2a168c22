using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using WebhookKit.AspNetCore.Tests.Hosting;

namespace WebhookKit.AspNetCore.Tests.DependencyInjection;

/// <summary>What stops a host, and that everything wrong is said at once.</summary>
public sealed class StartupTests
{
    [Fact]
    public async Task Start_EverythingWrong_ListsAllErrorsWithTheirCures()
    {
        const string shortSecret = "whsec_dG9vIHNob3J0";
        var configuration = new ReloadableConfiguration()
            .With("Webhooks:Receiver:Sources:typo:Provider", "strype")
            .With("Webhooks:Receiver:Sources:typo:Secrets:0", WebhookSecret.Generate().Reveal())
            .With("Webhooks:Receiver:Sources:bare:Secrets:0", WebhookSecret.Generate().Reveal());

        var errors = await StartAsync(
            receiver => receiver
                .AddSource("unkeyed", WebhookProviders.StandardWebhooks, source => source.BindSecrets("Partner:WebhookSecrets"))
                .AddSource("short", WebhookProviders.StandardWebhooks, source => source.AddSecret(shortSecret).AddSecret("?"))
                .AddSource("twice", WebhookProviders.StandardWebhooks, _ => { })
                .AddSource("Twice", WebhookProviders.StandardWebhooks, _ => { })
                .AddSource("a/b", WebhookProviders.StandardWebhooks, source => source.AddSecret(WebhookSecret.Generate().Reveal()))
                .AddSource("many", WebhookProviders.StandardWebhooks, source => AddSecrets(source, 11)),
            setup =>
            {
                setup.HasStore = false;
                setup.Configuration = configuration;
                setup.Map = app =>
                {
                    app.MapWebhookReceiver();
                    app.MapWebhookReceiver("/webhooks/{name}", "short");
                    app.MapWebhookReceiver("/elsewhere", "nobody");
                };
            });

        Assert.Collection(
            errors.Order(StringComparer.Ordinal),
            error => Contains(error, "'a/b' is not a source name", "letters"),
            error => Contains(error, "'strype'", "'Webhooks:Receiver:Sources:typo:Provider'", "'standard-webhooks'"),
            error => Contains(error, "source 'short'", "AddSecret call 1", "24 to 64"),
            error => Contains(error, "source 'short'", "AddSecret call 2", "base64"),
            error => Contains(error, "AddReceiver needs a store", ".UseEntityFrameworkCore<TContext>()", ".UseInMemoryStore()"),
            error => Contains(error, "'/elsewhere'", "'nobody'", "'short'", "'unkeyed'", "AddSource"),
            error => Contains(error, "refuses the 11 secrets of source 'many'", "at most 10"),
            error => Contains(error, "'/webhooks/{source}' is mapped 2 times", "every source and source 'short'"),
            error => Contains(error, "source 'bare' has no provider", "'Webhooks:Receiver:Sources:bare:Provider'"),
            error => Contains(error, "source 'twice' is added 2 times", "AddSource"),
            error => Contains(
                error, "source 'unkeyed' has no secret", "'Partner:WebhookSecrets'",
                """{"Partner":{"WebhookSecrets":["<the secret the sender shows you>"]}}"""));
        Assert.All(errors, error => Assert.DoesNotContain(shortSecret["whsec_".Length..], error, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Start_TypeWithoutJsonContract_IsAnError()
    {
        var errors = await StartAsync(
            receiver => receiver.AddSource("partner", WebhookProviders.StandardWebhooks, source => AddSecrets(source, 1)
                .On<OrderPaid>(OrderPaid.EventType, (_, _) => Task.CompletedTask)),
            setup => setup.ConfigureServices = services => services.Configure<WebhooksOptions>(options =>
                options.JsonSerializerOptions = new JsonSerializerOptions { TypeInfoResolver = JsonTypeInfoResolver.Combine() }));

        Contains(Assert.Single(errors), typeof(OrderPaid).ToString(), "[JsonSerializable(typeof(OrderPaid))]");
    }

    [Fact]
    public async Task MapWebhookReceiver_WithoutReceiver_NamesTheCure()
    {
        await using var app = WebApplication.CreateBuilder().Build();

        var exception = Assert.Throws<WebhookConfigurationException>(() => app.MapWebhookReceiver());

        Contains(exception.Message, "AddReceiver");
    }

    [Theory]
    [InlineData("nothing", true)]
    [InlineData("anonymous", false)]
    [InlineData("authorization", false)]
    [InlineData("group nothing", true)]
    [InlineData("group anonymous", false)]
    [InlineData("group authorization", false)]
    public async Task Start_UnderAFallbackPolicy_TheRouteMustSayWhoMayCall(string said, bool stops)
    {
        Task<IReadOnlyList<string>> starting = StartAsync(
            receiver => receiver.AddSource("partner", WebhookProviders.StandardWebhooks, source => AddSecrets(source, 1)),
            setup =>
            {
                setup.ConfigureServices = services => services.AddAuthentication("test").Services.AddAuthorizationBuilder()
                    .SetFallbackPolicy(new AuthorizationPolicyBuilder("test").RequireAuthenticatedUser().Build());
                setup.Map = app => _ = said switch
                {
                    "nothing" => app.MapWebhookReceiver(),
                    "anonymous" => app.MapWebhookReceiver().AllowAnonymous(),
                    "authorization" => app.MapWebhookReceiver().RequireAuthorization(),
                    "group nothing" => app.MapGroup("/in").MapWebhookReceiver(),
                    "group anonymous" => app.MapGroup("/in").AllowAnonymous().MapWebhookReceiver(),
                    _ => app.MapGroup("/in").RequireAuthorization().MapWebhookReceiver(),
                };
            });

        var errors = await starting;
        Assert.Equal(stops, errors.Count == 1);
        if (stops)
        {
            Contains(errors[0], said == "nothing" ? "'/webhooks/{source}'" : "'/in/webhooks/{source}'", ".AllowAnonymous()");
        }
    }

    [Fact]
    public async Task Start_NoFallbackPolicy_NothingIsAskedOfTheRoute() => Assert.Empty(await StartAsync(
        receiver => receiver.AddSource("partner", WebhookProviders.StandardWebhooks, source => AddSecrets(source, 1)),
        setup => setup.ConfigureServices = services => services.AddAuthorization()));

    [Fact]
    public async Task Start_RoutesMappedWhileThePipelineIsBuilt_AreCheckedToo()
    {
        var errors = await StartAsync(
            receiver => receiver.AddSource("partner", WebhookProviders.StandardWebhooks, source => AddSecrets(source, 1)),
            setup => setup.Map = app => app.Map("/branch", branch => branch.UseRouting().UseEndpoints(
                endpoints => endpoints.MapWebhookReceiver("/x", "nobody"))));

        Contains(Assert.Single(errors), "'/x'", "'nobody'", "'partner'");
    }

    [Fact]
    public async Task Start_SameRouteInTwoGroups_IsNoConflictUnlessThePrefixIsTheSame()
    {
        Assert.Empty(await StartWithGroupsAsync("/a", "/b"));
        Contains(Assert.Single(await StartWithGroupsAsync("/a", "/A")), "mapped 2 times");

        static Task<IReadOnlyList<string>> StartWithGroupsAsync(string first, string second) => StartAsync(
            receiver => receiver.AddSource("partner", WebhookProviders.StandardWebhooks, source => AddSecrets(source, 1)),
            setup => setup.Map = app =>
            {
                app.MapGroup(first).MapWebhookReceiver();
                app.MapGroup(second).MapWebhookReceiver();
            });
    }

    [Fact]
    public async Task AddReceiver_CalledTwice_AddsUp()
    {
        Assert.Empty(await StartAsync(
            receiver => receiver.AddSource("partner", WebhookProviders.StandardWebhooks, source => AddSecrets(source, 1)),
            setup =>
            {
                setup.ConfigureServices = services => services.AddWebhooks().AddReceiver(receiver =>
                    receiver.AddSource("second", WebhookProviders.StandardWebhooks, source => AddSecrets(source, 1)));
                setup.Map = app =>
                {
                    app.MapWebhookReceiver("/1", "partner");
                    app.MapWebhookReceiver("/2", "second");
                };
            }));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-1)]
    public void SourceBuilder_FiguresThatCannotBe_AreRefused(int figure)
    {
        new ServiceCollection().AddWebhooks().AddReceiver(receiver => receiver.AddSource("x", WebhookProviders.StandardWebhooks, source =>
        {
            Assert.Throws<ArgumentOutOfRangeException>(() => source.MaxBodyBytes = figure);
            Assert.Throws<ArgumentOutOfRangeException>(() => source.HandlerTimeout = TimeSpan.FromSeconds(figure));
            Assert.Throws<ArgumentOutOfRangeException>(() => source.Tolerance = TimeSpan.FromSeconds(-1));
        }));
    }

    private static SourceBuilder AddSecrets(SourceBuilder source, int count)
    {
        for (var i = 0; i < count; i++)
        {
            source.AddSecret(WebhookSecret.Generate().Reveal());
        }

        return source;
    }

    private static async Task<IReadOnlyList<string>> StartAsync(Action<ReceiverBuilder> configure, Action<ReceiverSetup> change)
    {
        try
        {
            await using var host = await ReceiverHost.StartAsync((receiver, _) => configure(receiver), change);
            return [];
        }
        catch (WebhookConfigurationException exception)
        {
            return exception.Errors;
        }
    }

    private static void Contains(string text, params string[] parts) =>
        Assert.All(parts, part => Assert.Contains(part, text, StringComparison.Ordinal));
}
