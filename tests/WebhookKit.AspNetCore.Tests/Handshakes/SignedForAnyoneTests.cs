using System.Net;
using System.Text;
using System.Text.Json;
using WebhookKit.AspNetCore.Tests.Hosting;
using WebhookKit.Handshakes;

namespace WebhookKit.AspNetCore.Tests.Handshakes;

/// <summary>What a handshake signs for whoever asks is never an event.</summary>
public sealed class SignedForAnyoneTests
{
    private static readonly string[] Providers = ["braintree", "x"];

    [Theory]
    [InlineData("12345")]
    [InlineData("true")]
    [InlineData("bnVsbA==")]
    public async Task X_AnswerUsedAsASignature_IsRefused(string text)
    {
        await using var host = await StartAsync("x");
        using var answer = await host.Client.GetAsync(new Uri("/webhooks/partner?crc_token=" + Uri.EscapeDataString(text), UriKind.Relative));
        var signature = JsonElement.Parse(await answer.Content.ReadAsByteArrayAsync()).GetProperty("response_token").GetString()!;

        using var forged = new HttpRequestMessage(HttpMethod.Post, "/webhooks/partner")
        {
            Content = new StringContent(text, Encoding.UTF8, "application/json"),
        };
        forged.Headers.Add("x-twitter-webhooks-signature", signature);

        await AssertRefusedAsync(host, forged);
    }

    [Theory]
    [InlineData("20f9f8ed05f77439fe95")]
    [InlineData("20f9f8ed05f77439fe955c977e4c8a53")]
    public async Task Braintree_AnswerUsedAsASignature_IsRefused(string text)
    {
        await using var host = await StartAsync("braintree", source => source.Set("PublicKeyId", "kit-public"));
        using var answer = await host.Client.GetAsync(new Uri("/webhooks/partner?bt_challenge=" + text, UriKind.Relative));
        var signature = await answer.Content.ReadAsStringAsync();

        using var forged = new HttpRequestMessage(HttpMethod.Post, "/webhooks/partner")
        {
            Content = new FormUrlEncodedContent([KeyValuePair.Create("bt_signature", signature), KeyValuePair.Create("bt_payload", text)]),
        };

        Assert.StartsWith("kit-public|", signature, StringComparison.Ordinal);
        await AssertRefusedAsync(host, forged);
    }

    /// <summary>Another one needs a test like those above.</summary>
    [Fact]
    public void Catalogue_DigestsForWhoeverAsks_AreThoseTestedHere() => Assert.Equal(Providers, WebhookProviders.All
        .Where(provider => provider.Handshakes.Any(handshake => handshake is KeyedDigestHandshake { Stage: HandshakeStage.BeforeVerification }))
        .Select(provider => provider.Name).Order(StringComparer.Ordinal));

    // The signature matches: what is refused is the body.
    private static async Task AssertRefusedAsync(ReceiverHost host, HttpRequestMessage forged)
    {
        using var response = await host.Client.SendAsync(forged);

        Assert.Equal(HttpStatusCode.Unauthorized, response.StatusCode);
        Assert.Contains("MalformedBody", host.Log.Single("NotVerified").Text, StringComparison.Ordinal);
    }

    private static Task<ReceiverHost> StartAsync(string name, Action<SourceBuilder>? configure = null)
    {
        Assert.True(WebhookProviders.TryGet(name, out var provider));
        return ReceiverHost.StartAsync((receiver, _) => receiver.AddSource("partner", provider, source =>
        {
            source.AddSecret("kit-secret-kit-secret").OnOthers((_, _) => Task.CompletedTask);
            configure?.Invoke(source);
        }));
    }
}
