using System.Globalization;
using System.Net;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using WebhookKit.AspNetCore.Tests.Hosting;
using WebhookKit.Handshakes;
using WebhookKit.Verification;

namespace WebhookKit.AspNetCore.Tests.Handshakes;

/// <summary>The catalogue's providers that sign their questions: the signed one is answered, the unsigned one is not.</summary>
public sealed class CatalogueHandshakeTests
{
    private const string Secret = "kit-secret-kit-secret";
    private const string SlackQuestion = """{"token":"t","challenge":"kit-challenge","type":"url_verification"}""";
    private const string ZoomQuestion = """{"payload":{"plainToken":"kit-plain-token"},"event":"endpoint.url_validation"}""";
    private const string TwitchQuestion = """{"challenge":"kit-challenge","subscription":{"type":"channel.follow"}}""";

    private static readonly JsonElement SnsQuestion = JsonElement
        .Parse(File.ReadAllBytes(Path.Combine(AppContext.BaseDirectory, "vectors", "open.json")))
        .EnumerateArray().Single(vector => vector.GetProperty("id").ValueEquals("sns-official-subscribe"));

    [Fact]
    public async Task Slack_SignedQuestion_IsAnsweredAndTheUnsignedIsNot()
    {
        await using var host = await StartAsync(WebhookProviders.Slack);
        using var signed = Question(SlackQuestion);
        var timestamp = Now(host);
        signed.Headers.Add("X-Slack-Request-Timestamp", timestamp);
        signed.Headers.Add("X-Slack-Signature", "v0=" + Hmac($"v0:{timestamp}:{SlackQuestion}"));

        await AssertAnsweredAsync(host, signed, "kit-challenge");
        await AssertUnansweredAsync(host, Question(SlackQuestion));
    }

    [Fact]
    public async Task Zoom_SignedQuestion_IsAnsweredAndTheUnsignedIsNot()
    {
        await using var host = await StartAsync(WebhookProviders.Zoom);
        using var signed = Question(ZoomQuestion);
        var timestamp = Now(host);
        signed.Headers.Add("x-zm-request-timestamp", timestamp);
        signed.Headers.Add("x-zm-signature", "v0=" + Hmac($"v0:{timestamp}:{ZoomQuestion}"));

        await AssertAnsweredAsync(host, signed, $$"""{"plainToken":"kit-plain-token","encryptedToken":"{{Hmac("kit-plain-token")}}"}""");
        await AssertUnansweredAsync(host, Question(ZoomQuestion));
    }

    [Theory]
    [InlineData(Secret, "kit-other-secret-kit")]
    [InlineData("kit-other-secret-kit", Secret)]
    public async Task Zoom_QuestionDuringARotation_IsAnsweredWithTheSecretThatSignedIt(params string[] secrets)
    {
        await using var host = await StartAsync(WebhookProviders.Zoom, secrets);
        using var signed = Question(ZoomQuestion);
        var timestamp = Now(host);
        signed.Headers.Add("x-zm-request-timestamp", timestamp);
        signed.Headers.Add("x-zm-signature", "v0=" + Hmac($"v0:{timestamp}:{ZoomQuestion}"));

        await AssertAnsweredAsync(host, signed, $$"""{"plainToken":"kit-plain-token","encryptedToken":"{{Hmac("kit-plain-token")}}"}""");
    }

    [Fact]
    public async Task Twitch_SignedQuestion_IsAnsweredAndTheUnsignedIsNot()
    {
        await using var host = await StartAsync(WebhookProviders.Twitch);
        using var signed = Question(TwitchQuestion);
        var timestamp = host.Clock.GetUtcNow().UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fffffff'00Z'", CultureInfo.InvariantCulture);
        signed.Headers.Add("Twitch-Eventsub-Message-Type", "webhook_callback_verification");
        signed.Headers.Add("Twitch-Eventsub-Message-Id", "kit-id");
        signed.Headers.Add("Twitch-Eventsub-Message-Timestamp", timestamp);
        signed.Headers.Add("Twitch-Eventsub-Message-Signature", "sha256=" + Hmac("kit-id" + timestamp + TwitchQuestion));
        using var unsigned = Question(TwitchQuestion);
        unsigned.Headers.Add("Twitch-Eventsub-Message-Type", "webhook_callback_verification");

        await AssertAnsweredAsync(host, signed, "kit-challenge");
        await AssertUnansweredAsync(host, unsigned);
    }

    [Fact]
    public async Task AwsSns_GenuineQuestionOfAListedTopic_IsConfirmedAtAmazonAlone()
    {
        using var client = new RecordingInvoker();
        var body = SnsQuestion.GetProperty("bodyUtf8").GetString()!;
        await using var host = await StartSnsAsync(client, "arn:aws:sns:us-west-2:131990247566:dongie-standard-topic");

        await AssertUnansweredAsync(host, Question(body.Replace("You have chosen", "You had chosen", StringComparison.Ordinal), "text/plain"));
        await AssertUnansweredAsync(
            host, Question("""{"Type":"SubscriptionConfirmation","SubscribeURL":"https://sns.us-west-2.amazonaws.com/?a=b"}""", "text/plain"));
        Assert.Empty(client.Called);

        await AssertAnsweredAsync(host, Question(body, "text/plain"), "");
        Assert.Equal(
            [JsonElement.Parse(Encoding.UTF8.GetBytes(body)).GetProperty("SubscribeURL").GetString()!], client.Called);
    }

    [Fact]
    public async Task AwsSns_GenuineQuestionOfAnotherTopic_IsNeverConfirmed()
    {
        using var client = new RecordingInvoker();
        await using var host = await StartSnsAsync(client, "arn:aws:sns:us-west-2:131990247566:another-topic");

        using var response = await host.Client.SendAsync(Question(SnsQuestion.GetProperty("bodyUtf8").GetString()!, "text/plain"));

        Assert.False(response.IsSuccessStatusCode);
        Assert.Empty(client.Called);
    }

    [Fact]
    public async Task AwsSns_SourceWithoutTopics_DoesNotStart()
    {
        var exception = await Assert.ThrowsAsync<WebhookConfigurationException>(() => StartSnsAsync(new RecordingInvoker(), topics: null));

        Assert.Contains("'Topics'", Assert.Single(exception.Errors), StringComparison.Ordinal);
    }

    private static Task<ReceiverHost> StartAsync(WebhookProvider provider, params string[] secrets) => ReceiverHost.StartAsync((receiver, _) => receiver.AddSource(
        "partner", provider, source =>
        {
            foreach (var secret in secrets.DefaultIfEmpty(Secret))
            {
                source.AddSecret(secret);
            }

            source.OnOthers((_, _) => throw new InvalidOperationException("A question is no event."));
        }));

    private static async Task<ReceiverHost> StartSnsAsync(HttpMessageInvoker client, string? topics)
    {
        var host = await ReceiverHost.StartAsync(
            (receiver, _) => receiver.AddSource("partner", WebhookProviders.AwsSns, source =>
            {
                source.AddSecret(SnsQuestion.GetProperty("publicKey").GetString()!);
                source.OnOthers((_, _) => throw new InvalidOperationException("A question is no event."));
                if (topics is not null)
                {
                    source.Set("Topics", topics);
                }
            }),
            setup => setup.ConfigureServices = services => services.AddSingleton(new HandshakeClient(client)));
        host.Clock.Advance(DateTimeOffset.FromUnixTimeSeconds(SnsQuestion.GetProperty("now").GetInt64()) - host.Clock.GetUtcNow());
        return host;
    }

    private static string Now(ReceiverHost host) => host.Clock.GetUtcNow().ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture);

    private static string Hmac(string text) =>
        Convert.ToHexStringLower(HMACSHA256.HashData(Encoding.UTF8.GetBytes(Secret), Encoding.UTF8.GetBytes(text)));

    private static HttpRequestMessage Question(string body, string contentType = "application/json") =>
        new(HttpMethod.Post, "/webhooks/partner") { Content = new StringContent(body, Encoding.UTF8, contentType) };

    private static async Task AssertAnsweredAsync(ReceiverHost host, HttpRequestMessage question, string answer)
    {
        using var response = await host.Client.SendAsync(question);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal(answer, await response.Content.ReadAsStringAsync());
    }

    private static async Task AssertUnansweredAsync(ReceiverHost host, HttpRequestMessage question)
    {
        using var response = await host.Client.SendAsync(question);
        Assert.Equal(HttpStatusCode.Unauthorized, response.StatusCode);
        Assert.Empty(await response.Content.ReadAsByteArrayAsync());
    }

    private sealed class RecordingInvoker() : HttpMessageInvoker(new SocketsHttpHandler())
    {
        public List<string> Called { get; } = [];

        public override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            Called.Add(request.RequestUri!.AbsoluteUri);
            return Task.FromResult(new HttpResponseMessage(HttpStatusCode.OK));
        }
    }
}
