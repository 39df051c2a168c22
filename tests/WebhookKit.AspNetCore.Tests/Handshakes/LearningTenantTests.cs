using System.Net;
using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.DependencyInjection;
using WebhookKit.AspNetCore.Tests.Hosting;
using WebhookKit.Handshakes;

namespace WebhookKit.AspNetCore.Tests.Handshakes;

/// <summary>A source whose secrets come with the question, on a route that names the tenant.</summary>
public sealed class LearningTenantTests
{
    private const string Secret = "b537207f20cbfa02357cf448134da559";
    private const string Events = """{"events":[{"action":"changed","resource":{"gid":"1","resource_type":"task"}}]}""";

    [Fact]
    public async Task Receive_SecretLearnedForATenant_VerifiesItsRequestsAlone()
    {
        var tenants = new List<string?>();
        await using var host = await StartAsync(tenants);
        await OpenAsync(host, "acme");

        using var answer = await AskAsync(host, "/webhooks/asana/acme");
        using var own = await SendAsync(host, "/webhooks/asana/acme");
        using var others = await SendAsync(host, "/webhooks/asana/globex");
        using var nobodys = await SendAsync(host, "/webhooks/asana");

        Assert.Equal(Secret, Assert.Single(answer.Headers.GetValues("X-Hook-Secret")));
        Assert.Equal(
            [HttpStatusCode.OK, HttpStatusCode.OK, HttpStatusCode.Unauthorized, HttpStatusCode.Unauthorized],
            new[] { answer, own, others, nobodys }.Select(response => response.StatusCode));
        Assert.Equal(["acme"], tenants);
    }

    [Fact]
    public async Task Receive_QuestionOfATenantThatWaitsForNone_LearnsNothing()
    {
        await using var host = await StartAsync([]);
        await OpenAsync(host, "acme");

        using var others = await AskAsync(host, "/webhooks/asana/globex");
        using var nobodys = await AskAsync(host, "/webhooks/asana");
        using var sent = await SendAsync(host, "/webhooks/asana/acme");

        Assert.Equal(HttpStatusCode.NotFound, others.StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, nobodys.StatusCode);
        Assert.Equal(HttpStatusCode.Unauthorized, sent.StatusCode);
        using var own = await AskAsync(host, "/webhooks/asana/acme");
        Assert.Equal(HttpStatusCode.OK, own.StatusCode);
    }

    [Fact]
    public async Task Receive_TenantsThatAreMadeUp_AreForgottenAndTheOthersStay()
    {
        await using var host = await StartAsync([]);
        await OpenAsync(host, "acme");
        using var answer = await AskAsync(host, "/webhooks/asana/acme");

        for (var i = 0; i < 1100; i++)
        {
            using var made = await SendAsync(host, $"/webhooks/asana/nobody-{i}");
            Assert.Equal(HttpStatusCode.Unauthorized, made.StatusCode);
        }

        using var tooLong = await SendAsync(host, $"/webhooks/asana/{new string('x', 129)}");
        Assert.Equal(HttpStatusCode.NotFound, tooLong.StatusCode);
        using var own = await SendAsync(host, "/webhooks/asana/acme");
        Assert.Equal(HttpStatusCode.OK, own.StatusCode);
    }

    [Fact]
    public async Task Receive_QuestionToATenantWithSecrets_IsAnsweredWithItsOwn()
    {
        await using var host = await ReceiverHost.StartAsync(
            (receiver, _) => receiver.AddSource("zoom", WebhookProviders.Zoom, source => source
                .AddTenantSecret("acme", "secret of acme")
                .AddTenantSecret("globex", "secret of globex")
                .OnOthers((_, _) => Task.CompletedTask)),
            MapTenants);
        const string Question = """{"event":"endpoint.url_validation","payload":{"plainToken":"kit"}}""";
        var now = $"{host.Clock.GetUtcNow().ToUnixTimeSeconds()}";
        using var request = new HttpRequestMessage(HttpMethod.Post, "/webhooks/zoom/globex") { Content = Json(Question) };
        request.Headers.Add("x-zm-request-timestamp", now);
        request.Headers.Add("x-zm-signature", "v0=" + Digest("secret of globex", $"v0:{now}:{Question}"));

        using var response = await host.Client.SendAsync(request);

        Assert.Contains(Digest("secret of globex", "kit"), await response.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    private static Task<ReceiverHost> StartAsync(List<string?> tenants) => ReceiverHost.StartAsync(
        (receiver, _) => receiver.AddSource("asana", WebhookProviders.Asana, source => source.OnOthers((webhook, _) =>
        {
            tenants.Add(webhook.TenantId);
            return Task.CompletedTask;
        })),
        setup =>
        {
            setup.HasStore = false;
            setup.ConfigureServices = services => services.AddWebhooks().UseInMemoryStore();
            MapTenants(setup);
        });

    private static void MapTenants(ReceiverSetup setup) => setup.Map = app =>
    {
        app.MapWebhookReceiver();
        app.MapWebhookReceiver("/webhooks/{source}/{tenant}");
    };

    private static Task OpenAsync(ReceiverHost host, string tenantId) => host.Services.GetRequiredService<ISourceSecretStore>()
        .OpenAsync(new SourceRegistration("asana", tenantId, TimeSpan.FromHours(1)), default).AsTask();

    private static async Task<HttpResponseMessage> AskAsync(ReceiverHost host, string url)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, url) { Content = Json("{}") };
        request.Headers.Add("X-Hook-Secret", Secret);
        return await host.Client.SendAsync(request);
    }

    private static async Task<HttpResponseMessage> SendAsync(ReceiverHost host, string url)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, url) { Content = Json(Events) };
        request.Headers.Add("X-Hook-Signature", Digest(Secret, Events));
        return await host.Client.SendAsync(request);
    }

    private static StringContent Json(string text) => new(text, Encoding.UTF8, "application/json");

    private static string Digest(string secret, string text) =>
        Convert.ToHexStringLower(HMACSHA256.HashData(Encoding.UTF8.GetBytes(secret), Encoding.UTF8.GetBytes(text)));
}
