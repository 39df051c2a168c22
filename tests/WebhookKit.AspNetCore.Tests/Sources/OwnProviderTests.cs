using System.Net;
using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.Configuration;
using WebhookKit.AspNetCore.Tests.Hosting;
using WebhookKit.Sources;
using WebhookKit.Verification;

namespace WebhookKit.AspNetCore.Tests.Sources;

public sealed class OwnProviderTests
{
    private const string Acme = "Webhooks:Receiver:Providers:acme";
    private const string Source = "Webhooks:Receiver:Sources:acme";

    private readonly ReloadableConfiguration _configuration = new();

    [Fact]
    public async Task Source_OfAProviderFromConfiguration_Verifies()
    {
        _configuration.With($"{Acme}:Header", "X-Acme-Signature")
            .With($"{Acme}:Prefix", "sha256=")
            .With($"{Acme}:TimestampHeader", "X-Acme-Time")
            .With($"{Acme}:Content", "{timestamp}.{body}")
            .With($"{Acme}:Encoding", "base64")
            .With($"{Acme}:EventTypePointer", "/event")
            .With($"{Source}:Provider", "acme")
            .With($"{Source}:Secrets:0", "acme-secret");
        await using var host = await ReceiverHost.StartAsync((_, _) => { }, setup => setup.Configuration = _configuration);
        var now = host.Clock.GetUtcNow().ToUnixTimeSeconds();

        Assert.Equal(HttpStatusCode.OK, await SendAsync(host, now, now));
        Assert.Equal(HttpStatusCode.Unauthorized, await SendAsync(host, now, now + 1));
    }

    [Fact]
    public void Read_SeveralMistakes_NamesEachAndItsCure()
    {
        var errors = new List<string>();
        var section = Section(new()
        {
            ["Hedder"] = "X-Acme",
            ["Algorithm"] = "md5",
            ["Separator"] = "::",
            ["Tolerance"] = "soon",
            ["Content"] = "{bdy}",
        });

        Assert.Null(new OwnProvider(section, errors).Read());

        Assert.Contains(errors, error => error.Contains("Hedder", StringComparison.Ordinal) && error.Contains("Header", StringComparison.Ordinal));
        Assert.Contains(errors, error => error.Contains("'md5'", StringComparison.Ordinal) && error.Contains("HmacSha256", StringComparison.Ordinal));
        Assert.Contains(errors, error => error.Contains("'::'", StringComparison.Ordinal));
        Assert.Contains(errors, error => error.Contains("'soon'", StringComparison.Ordinal));
        Assert.Contains(errors, error => error.Contains("no placeholder", StringComparison.Ordinal));
    }

    [Fact]
    public void Read_ClaimKeysAndLists_AreTaken()
    {
        var errors = new List<string>();
        var section = Section(new()
        {
            ["Header"] = "X-Acme",
            ["Separator"] = ",",
            ["Labels:0"] = "v1",
            ["Labels:1"] = "v2",
            ["ClaimKey:0"] = "/id",
            ["ClaimKey:1"] = "/kind",
            ["Content"] = "{url}{body}",
        });

        var provider = new OwnProvider(section, errors).Read();

        Assert.Empty(errors);
        Assert.Equal(["v1", "v2"], provider!.Signature!.Labels);
        Assert.Equal(["/id", "/kind"], provider.ClaimKey.Pointers);
        Assert.True(provider.SignsUrl);
        Assert.Equal("acme", provider.Name);
    }

    private static IConfigurationSection Section(Dictionary<string, string?> values) => new ConfigurationBuilder()
        .AddInMemoryCollection(values.ToDictionary(value => $"{Acme}:{value.Key}", value => value.Value))
        .Build()
        .GetSection(Acme);

    private static async Task<HttpStatusCode> SendAsync(ReceiverHost host, long signed, long sent)
    {
        const string Body = """{"event":"order.paid"}""";
        var signature = Convert.ToBase64String(HMACSHA256.HashData("acme-secret"u8, Encoding.UTF8.GetBytes($"{signed}.{Body}")));
        using var request = new HttpRequestMessage(HttpMethod.Post, "/webhooks/acme")
        {
            Content = new StringContent(Body, Encoding.UTF8, "application/json"),
        };
        request.Headers.Add("X-Acme-Signature", "sha256=" + signature);
        request.Headers.Add("X-Acme-Time", $"{sent}");
        using var response = await host.Client.SendAsync(request);
        return response.StatusCode;
    }
}
