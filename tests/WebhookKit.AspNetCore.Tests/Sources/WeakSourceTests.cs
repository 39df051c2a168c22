using System.Net;
using System.Security.Cryptography;
using System.Text;
using WebhookKit.AspNetCore.Tests.Hosting;
using WebhookKit.Verification;

namespace WebhookKit.AspNetCore.Tests.Sources;

/// <summary>What a provider's rule could verify and proves too little: no source accepts it unless it says so.</summary>
public sealed class WeakSourceTests
{
    private static readonly string PrivateKey = NewPrivateKey();

    [Fact]
    public async Task MicrosoftGraph_PrivateKeyAlone_DoesNotStart()
    {
        var error = await ErrorOfAsync(WebhookProviders.MicrosoftGraph, source => source.AddSecret(PrivateKey));

        Assert.StartsWith("The secrets of source 'partner' are not enough.", error, StringComparison.Ordinal);
        Assert.Contains("add the 'clientState' of the subscription", error, StringComparison.Ordinal);
        Assert.DoesNotContain("BEGIN", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task MicrosoftGraph_PrivateKeyAloneOfATenant_DoesNotStart()
    {
        var error = await ErrorOfAsync(
            WebhookProviders.MicrosoftGraph, source => source.AddSecret("kit state").AddTenantSecret("acme", PrivateKey));

        Assert.StartsWith("The secrets of source 'partner' for tenant 'acme' are not enough.", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task MicrosoftGraph_PrivateKeyAndClientState_Starts()
    {
        await using var host = await StartAsync(WebhookProviders.MicrosoftGraph, source => source.AddSecret(PrivateKey).AddSecret("kit state"));

        Assert.Equal(HttpStatusCode.Accepted, await SendAsync(host, """{"value":[{"id":"1","changeType":"created","clientState":"kit state"}]}"""));
        Assert.Equal(HttpStatusCode.Unauthorized, await SendAsync(host, """{"value":[{"id":"2","changeType":"created"}]}"""));
    }

    [Theory]
    [InlineData(null, HttpStatusCode.Unauthorized)]
    [InlineData("v1", HttpStatusCode.OK)]
    public async Task HubSpot_OlderSignature_CountsOnlyWhereTheSourceSaysSo(string? oldest, HttpStatusCode expected)
    {
        const string Body = """[{"subscriptionType":"contact.creation","eventId":1}]""";
        await using var host = await StartAsync(WebhookProviders.HubSpot, source =>
        {
            source.AddSecret("kit-secret");
            if (oldest is not null)
            {
                source.Set("OldestVersion", oldest);
            }
        });

        Assert.Equal(expected, await SendAsync(
            host,
            Body,
            new("X-HubSpot-Signature-Version", "v1"),
            new("X-HubSpot-Signature", Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes("kit-secret" + Body))))));
    }

    [Fact]
    public async Task HubSpot_VersionThatIsNone_DoesNotStart()
    {
        var error = await ErrorOfAsync(WebhookProviders.HubSpot, source => source.AddSecret("kit-secret").Set("OldestVersion", "v4"));

        Assert.StartsWith("'v4' of source 'partner' is no value of the setting 'OldestVersion': use 'v3', 'v2', 'v1'.", error, StringComparison.Ordinal);
    }

    private static Task<ReceiverHost> StartAsync(WebhookProvider provider, Action<SourceBuilder> configure) =>
        ReceiverHost.StartAsync((receiver, _) => receiver.AddSource("partner", provider, source =>
        {
            configure(source);
            source.OnOthers((_, _) => Task.CompletedTask);
        }));

    private static async Task<string> ErrorOfAsync(WebhookProvider provider, Action<SourceBuilder> configure) =>
        Assert.Single((await Assert.ThrowsAsync<WebhookConfigurationException>(() => StartAsync(provider, configure))).Errors);

    private static async Task<HttpStatusCode> SendAsync(ReceiverHost host, string body, params KeyValuePair<string, string>[] headers)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/webhooks/partner") { Content = new StringContent(body, Encoding.UTF8, "application/json") };
        foreach (var (name, value) in headers)
        {
            request.Headers.Add(name, value);
        }

        using var response = await host.Client.SendAsync(request);
        return response.StatusCode;
    }

    private static string NewPrivateKey()
    {
        using var key = RSA.Create(2048);
        return key.ExportPkcs8PrivateKeyPem();
    }
}
