using System.Net;
using WebhookKit.AspNetCore.Tests.Hosting;
using WebhookKit.Testing;

namespace WebhookKit.AspNetCore.Tests.Sources;

/// <summary>Secrets of tenants, chosen by the route.</summary>
public sealed class TenantTests
{
    private readonly WebhookSecret _acme = WebhookSecret.Generate();
    private readonly WebhookSecret _globex = WebhookSecret.Generate();
    private readonly List<string?> _handled = [];

    [Fact]
    public async Task Receive_ByTenant_VerifiesWithThatTenantsSecretAlone()
    {
        await using var host = await StartAsync(source => source.AddTenantSecret("acme", _acme.Reveal()).AddTenantSecret("globex", _globex.Reveal()));

        Assert.Equal(HttpStatusCode.OK, await SendAsync(host, _acme, "/webhooks/partner/acme"));
        Assert.Equal(HttpStatusCode.OK, await SendAsync(host, _globex, "/webhooks/partner/Globex"));
        Assert.Equal(HttpStatusCode.Unauthorized, await SendAsync(host, _acme, "/webhooks/partner/globex"));
        Assert.Equal(HttpStatusCode.NotFound, await SendAsync(host, _acme, "/webhooks/partner/initech"));
        Assert.Equal(HttpStatusCode.NotFound, await SendAsync(host, _acme, "/webhooks/partner"));

        Assert.Equal(["acme", "globex"], _handled);
        Assert.Equal(["acme", "globex"], host.Store.Claims.Values.Select(claim => claim.TenantId).Order());
    }

    [Fact]
    public async Task Receive_SourceWithASecretOfItsOwn_HasRequestsOfNoTenantToo()
    {
        await using var host = await StartAsync(source => source.AddSecret(_globex.Reveal()).AddTenantSecret("acme", _acme.Reveal()));

        Assert.Equal(HttpStatusCode.OK, await SendAsync(host, _globex, "/webhooks/partner"));
        Assert.Equal(HttpStatusCode.Unauthorized, await SendAsync(host, _acme, "/webhooks/partner"));
        Assert.Equal(HttpStatusCode.Unauthorized, await SendAsync(host, _globex, "/webhooks/partner/acme"));

        Assert.Equal([null], _handled);
    }

    [Fact]
    public async Task Reload_TenantsOfConfiguration_AreReplacedAddedAndGone()
    {
        var configuration = new ReloadableConfiguration();
        await using var host = await StartAsync(source => source.AddTenantSecret("acme", WebhookSecret.Generate().Reveal()), configuration
            .With("Webhooks:Receiver:Sources:partner:Tenants:acme", _acme.Reveal()));
        Assert.Equal(HttpStatusCode.OK, await SendAsync(host, _acme, "/webhooks/partner/acme"));
        Assert.Equal(HttpStatusCode.NotFound, await SendAsync(host, _globex, "/webhooks/partner/globex"));

        configuration
            .With("Webhooks:Receiver:Sources:partner:Tenants:acme", WebhookSecret.Generate().Reveal())
            .With("Webhooks:Receiver:Sources:partner:Tenants:globex:0", WebhookSecret.Generate().Reveal())
            .With("Webhooks:Receiver:Sources:partner:Tenants:globex:1", _globex.Reveal())
            .Reload();

        Assert.Equal(HttpStatusCode.Unauthorized, await SendAsync(host, _acme, "/webhooks/partner/acme"));
        Assert.Equal(HttpStatusCode.OK, await SendAsync(host, _globex, "/webhooks/partner/globex"));
    }

    [Fact]
    public async Task Start_UnusableSecretOfATenant_IsReportedWithoutTheSecret()
    {
        var exception = await Assert.ThrowsAsync<WebhookConfigurationException>(
            () => StartAsync(source => source.AddTenantSecret("acme", "zanzibar")));

        Assert.Contains("(AddTenantSecret call 1 of 'acme')", Assert.Single(exception.Errors), StringComparison.Ordinal);
        Assert.DoesNotContain("zanzibar", exception.Message, StringComparison.Ordinal);
    }

    private async Task<HttpStatusCode> SendAsync(ReceiverHost host, WebhookSecret secret, string url)
    {
        using var requests = new SignedRequestFactory([secret], host.Clock);
        using var request = await requests.CreateAsync(url, OrderPaid.Payload);
        using var response = await host.Client.SendAsync(request);
        return response.StatusCode;
    }

    private Task<ReceiverHost> StartAsync(Action<SourceBuilder> configure, ReloadableConfiguration? configuration = null) =>
        ReceiverHost.StartAsync(
            (receiver, _) => receiver.AddSource("partner", WebhookProviders.StandardWebhooks, source =>
            {
                configure(source);
                source.On(OrderPaid.EventType, (webhook, _) =>
                {
                    _handled.Add(webhook.TenantId);
                    return Task.CompletedTask;
                });
            }),
            setup =>
            {
                setup.Configuration = configuration ?? setup.Configuration;
                setup.Map = app => app.MapWebhookReceiver("/webhooks/{source}/{tenant?}");
            });
}
