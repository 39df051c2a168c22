using System.Net;
using System.Text;
using WebhookKit.AspNetCore.Tests.Hosting;
using WebhookKit.Handshakes;
using WebhookKit.Verification;

namespace WebhookKit.AspNetCore.Tests.Handshakes;

/// <summary>Questions over real HTTP: where they stand among the steps, and what is written.</summary>
public sealed class HandshakeTests
{
    private const string SignedQuestion = """{"type":"url_verification","challenge":"kit-challenge"}""";

    private static readonly Handshake Echo = new EchoTextHandshake
    {
        Conditions = [RequestField.Json("/type").Is("url_verification")],
        Challenge = RequestField.Json("/challenge"),
    };

    private static readonly Handshake Crc = new KeyedDigestHandshake
    {
        Stage = HandshakeStage.BeforeVerification,
        Method = "GET",
        Conditions = [RequestField.Query("crc_token").IsPresent()],
        Challenge = RequestField.Query("crc_token"),
        DigestMember = "response_token",
    };

    private static readonly Handshake Token = new EchoTextHandshake
    {
        Stage = HandshakeStage.BeforeVerification,
        Conditions = [RequestField.Query("validationToken").IsPresent()],
        Challenge = RequestField.Query("validationToken"),
    };

    [Fact]
    public async Task Receive_SignedQuestion_IsAnsweredWithoutAHandler()
    {
        await using var host = await StartAsync();

        using var response = await host.SendAsync(SignedQuestion);

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal("kit-challenge", await response.Content.ReadAsStringAsync());
        Assert.Equal("text/plain; charset=utf-8", response.Content.Headers.ContentType?.ToString());
        Assert.Equal("nosniff", Assert.Single(response.Headers.GetValues("X-Content-Type-Options")));
        Assert.Empty(host.Store.Claims);
        host.Log.Single("HandshakeAnswered");
    }

    [Fact]
    public async Task Receive_SignedQuestionWithoutItsSignature_GetsNoAnswer()
    {
        await using var host = await StartAsync();

        using var unsigned = await host.Client.PostAsync("/webhooks/partner", Json(SignedQuestion));

        Assert.Equal(HttpStatusCode.Unauthorized, unsigned.StatusCode);
        Assert.Empty(await unsigned.Content.ReadAsByteArrayAsync());
        Assert.DoesNotContain(host.Log.Own, entry => entry.EventName == "HandshakeAnswered");
    }

    [Fact]
    public async Task Receive_QuestionInTheQuery_IsAnsweredBeforeVerification()
    {
        await using var host = await StartAsync();

        using var response = await host.Client.GetAsync("/webhooks/partner?crc_token=foo");

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal("application/json", response.Content.Headers.ContentType?.ToString());
        Assert.StartsWith("""{"response_token":""", await response.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Receive_QuestionInTheQueryOfAnEmptyPost_PassesTheContentTypes()
    {
        await using var host = await StartAsync();
        using var empty = new StringContent("", Encoding.UTF8, "text/plain");

        using var response = await host.Client.PostAsync("/webhooks/partner?validationToken=Validation%3a+a%2Bb", empty);

        Assert.Equal("Validation: a+b", await response.Content.ReadAsStringAsync());
    }

    [Fact]
    public async Task Receive_BodyOfAnotherContentType_IsRefusedThoughThereAreHandshakes()
    {
        await using var host = await StartAsync();
        using var text = new StringContent(SignedQuestion, Encoding.UTF8, "text/plain");

        using var response = await host.Client.PostAsync("/webhooks/partner?validationToken=a", text);

        Assert.Equal(HttpStatusCode.UnsupportedMediaType, response.StatusCode);
    }

    [Theory]
    [InlineData("%3Cscript%3E")]
    [InlineData("a%0D%0Ab")]
    public async Task Receive_ChallengeThatIsNone_IsRefusedWithoutReflectingIt(string challenge)
    {
        await using var host = await StartAsync();

        using var response = await host.Client.PostAsync($"/webhooks/partner?validationToken={challenge}", content: null);

        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        Assert.Empty(await response.Content.ReadAsByteArrayAsync());
        var refused = host.Log.Single("HandshakeRefused");
        Assert.Contains("MalformedChallenge", refused.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("script", refused.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Receive_MethodOfAHandshakeWithoutItsQuestion_IsNoEvent()
    {
        await using var host = await StartAsync();

        using var unsigned = await host.Client.GetAsync("/webhooks/partner");
        using var request = await host.Requests.CreateAsync("/webhooks/partner", "");
        request.Method = HttpMethod.Get;
        using var signed = await host.Client.SendAsync(request);
        using var put = await host.Client.PutAsync("/webhooks/partner", Json("{}"));

        Assert.Equal(HttpStatusCode.Unauthorized, unsigned.StatusCode);
        Assert.Equal((HttpStatusCode.MethodNotAllowed, HttpStatusCode.MethodNotAllowed), (signed.StatusCode, put.StatusCode));
        Assert.Equal(["POST", "GET"], put.Content.Headers.Allow);
        Assert.Empty(host.Store.Claims);
    }

    [Fact]
    public async Task Receive_EventBesideHandshakes_IsHandled()
    {
        await using var host = await StartAsync();

        using var response = await host.SendAsync(OrderPaid.Payload);

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Single(host.Store.Claims);
    }

    private static StringContent Json(string text) => new(text, Encoding.UTF8, "application/json");

    private static Task<ReceiverHost> StartAsync()
    {
        var provider = new WebhookProvider
        {
            Name = "asking",
            ValidateSecret = WebhookProviders.StandardWebhooks.ValidateSecret,
            CreateVerifier = WebhookProviders.StandardWebhooks.CreateVerifier,
            Handshakes = [Echo, Crc, Token],
        };
        return ReceiverHost.StartAsync((receiver, secret) => receiver.AddSource("partner", provider, source => source
            .AddSecret(secret.Reveal())
            .OnOthers((_, _) => Task.CompletedTask)));
    }
}
