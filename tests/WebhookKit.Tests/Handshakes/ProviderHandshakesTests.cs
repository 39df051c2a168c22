using System.Text;
using WebhookKit.Handshakes;

namespace WebhookKit.Tests.Handshakes;

/// <summary>What each provider asks, as its documentation shows it, and what it wants to read.</summary>
public sealed class ProviderHandshakesTests
{
    private const string SlackQuestion =
        """{"token":"Jhj5dZrVaK7ZwHHjRyZWjbDl","challenge":"3eZbrw1aBm2rZgRNFdxV2595E9CY3gmdALWMmHkvFXO7tYXAYM8P","type":"url_verification"}""";

    private const string ZoomQuestion =
        """{"payload":{"plainToken":"qgg8vlvZRS6UYooatFL8Aw"},"event_ts":1654503849680,"event":"endpoint.url_validation"}""";

    private const string EventGridQuestion =
        """[{"id":"1","subject":"","data":{"validationCode":"512d38b6-c7b8-40c8-89fe-f46f9e9622b6"},"eventType":"Microsoft.EventGrid.SubscriptionValidationEvent"}]""";

    [Fact]
    public async Task Slack_UrlVerification_EchoesTheChallenge() =>
        await AssertText(Question.Post(SlackQuestion), ProviderHandshakes.Slack, "3eZbrw1aBm2rZgRNFdxV2595E9CY3gmdALWMmHkvFXO7tYXAYM8P");

    [Fact]
    public async Task Zoom_UrlValidation_AnswersTheTokenAndItsDigest() => await AssertJson(
        Question.Post(ZoomQuestion) with { Secrets = ["kit-zoom"] },
        ProviderHandshakes.Zoom,
        // printf qgg8vlvZRS6UYooatFL8Aw | openssl dgst -sha256 -hmac kit-zoom
        """{"plainToken":"qgg8vlvZRS6UYooatFL8Aw","encryptedToken":"aa6050de6fa790d2af491218e61c4e5f63023ef2081b1163ed87a886e2deba71"}""");

    [Fact]
    public async Task Twitch_CallbackVerification_EchoesTheChallenge() => await AssertText(
        Question.Post("""{"challenge":"pogchamp-kappa-360noscope-vohiyo","subscription":{"type":"channel.follow"}}""")
            .With("Twitch-Eventsub-Message-Type", "webhook_callback_verification"),
        ProviderHandshakes.Twitch,
        "pogchamp-kappa-360noscope-vohiyo");

    [Fact]
    public async Task Discord_Pings_GetTheirOwnAnswers()
    {
        await AssertJson(Question.Post("""{"id":"1","type":1,"version":1}"""), ProviderHandshakes.Discord, """{"type":1}""");

        var ping = await Question.Post("""{"version":1,"application_id":"1","type":0}""").AskAsync(ProviderHandshakes.Discord);
        Assert.Equal((204, 0), (ping.Response!.StatusCode, ping.Response.Body.Length));

        var happened = await Question.Post("""{"version":1,"type":1,"event":{"type":"ENTITLEMENT_CREATE"}}""").AskAsync(ProviderHandshakes.Discord);
        Assert.Equal(HandshakeStatus.NotAsked, happened.Status);
    }

    [Fact]
    public async Task Okta_Verification_EchoesTheHeader() => await AssertJson(
        new Question("GET").With("X-Okta-Verification-Challenge", "my_verification_challenge"),
        ProviderHandshakes.Okta,
        """{"verification":"my_verification_challenge"}""");

    [Fact]
    public async Task GoogleCalendar_Sync_IsAcknowledged()
    {
        Assert.Equal(200, (await new Question("POST").With("X-Goog-Resource-State", "sync").AskAsync(ProviderHandshakes.GoogleCalendar)).Response!.StatusCode);
        Assert.Equal(
            HandshakeStatus.NotAsked,
            (await new Question("POST").With("X-Goog-Resource-State", "exists").AskAsync(ProviderHandshakes.GoogleCalendar)).Status);
    }

    [Fact]
    public async Task X_Crc_AnswersTheDigest() => await AssertJson(
        Question.Get("crc_token=foo") with { Secrets = ["kit-x-consumer-secret"] },
        ProviderHandshakes.X,
        """{"response_token":"sha256=+Z2yp3Uw+HDZXPBLVPssGLs1RFK7mDX5fjr6l++Q694="}""");

    [Theory]
    [InlineData("%7B%22a%22%3A1%7D")]
    [InlineData("for_user_id%3D1%0A")]
    [InlineData("")]
    public async Task X_CrcTokenThatCouldBeAnEvent_IsNotSigned(string token) =>
        await AssertRefused(Question.Get("crc_token=" + token), ProviderHandshakes.X, HandshakeStatus.MalformedChallenge, 400);

    [Fact]
    public async Task Braintree_Challenge_AnswersThePublicKeyAndTheDigest() => await AssertText(
        (Question.Get("bt_challenge=20f9f8ed05f77439fe955c977e4c8a53") with { Secrets = ["integration_private_key"] })
            .Setting(PublicKeyId, "integration_public_key"),
        ProviderHandshakes.Braintree(PublicKeyId),
        "integration_public_key|d9b899556c966b3f06945ec21311865d35df3ce4");

    [Theory]
    [InlineData("20f9f8ed05f77439fe")]
    [InlineData("20F9F8ED05F77439FE955C977E4C8A53")]
    [InlineData("20f9f8ed05f77439fe955c977e4c8a5300")]
    [InlineData("20f9f8ed05f77439fe955c977e4c8a5%0A")]
    public async Task Braintree_ChallengeOfAnotherForm_IsNotSigned(string challenge) => await AssertRefused(
        Question.Get("bt_challenge=" + challenge).Setting(PublicKeyId, "key"),
        ProviderHandshakes.Braintree(PublicKeyId),
        HandshakeStatus.MalformedChallenge,
        400);

    [Fact]
    public async Task Meta_Subscribe_EchoesTheChallengeForTheVerifyTokenAlone()
    {
        var question = Question.Get("hub.mode=subscribe&hub.verify_token=kit-verify&hub.challenge=1158201444");

        await AssertText(question.Setting(HandshakeSettings.VerifyToken, "kit-verify"), ProviderHandshakes.Meta, "1158201444");

        await AssertRefused(question.Setting(HandshakeSettings.VerifyToken, "kit-verifx"), ProviderHandshakes.Meta, HandshakeStatus.VerifyTokenMismatch, 403);
        await AssertRefused(question, ProviderHandshakes.Meta, HandshakeStatus.VerifyTokenMismatch, 403);
        await AssertRefused(
            Question.Get("hub.mode=subscribe&hub.verify_token=&hub.challenge=1"), ProviderHandshakes.Meta, HandshakeStatus.VerifyTokenMismatch, 403);
    }

    [Theory]
    [InlineData("hub.verify_token=kit-verify&hub.verify_token=kit-verify")]
    [InlineData("hub.verify_token=kit-verify&hub.verify_token=guess")]
    public async Task Meta_VerifyTokenTwice_IsRefused(string tokens) => await AssertRefused(
        Question.Get($"hub.mode=subscribe&{tokens}&hub.challenge=1").Setting(HandshakeSettings.VerifyToken, "kit-verify"),
        ProviderHandshakes.Meta,
        HandshakeStatus.VerifyTokenMismatch,
        403);

    [Fact]
    public async Task Dropbox_Challenge_IsTextThatNobodyTakesForAPage()
    {
        var response = await AssertText(Question.Get("challenge=kit-challenge"), ProviderHandshakes.Dropbox, "kit-challenge");

        Assert.Contains(new KeyValuePair<string, string>("X-Content-Type-Options", "nosniff"), response.Headers);
    }

    [Theory]
    [InlineData("%3Cscript%3Ealert(1)%3C/script%3E")]
    [InlineData("a%0D%0ASet-Cookie:%20a=b")]
    [InlineData("%E2%80%AE")]
    [InlineData("%00")]
    public async Task Dropbox_ChallengeWithMarkupOrControls_IsNotReflected(string challenge) =>
        await AssertRefused(Question.Get("challenge=" + challenge), ProviderHandshakes.Dropbox, HandshakeStatus.MalformedChallenge, 400);

    [Fact]
    public async Task Dropbox_ChallengeOverTheLimit_IsNotReflected()
    {
        await AssertText(Question.Get("challenge=" + new string('a', 1024)), ProviderHandshakes.Dropbox, new string('a', 1024));
        await AssertRefused(
            Question.Get("challenge=" + new string('a', 1025)), ProviderHandshakes.Dropbox, HandshakeStatus.MalformedChallenge, 400);
    }

    [Fact]
    public async Task MicrosoftGraph_ValidationToken_IsDecodedOnce() => await AssertText(
        new Question("POST", "https://example.com/graph?validationToken=Validation%3a+Testing+client+application+reachability%20%2B%20x%2525"),
        ProviderHandshakes.MicrosoftGraph,
        "Validation: Testing client application reachability + x%25");

    [Fact]
    public async Task Monday_Challenge_IsEchoedAsJson()
    {
        await AssertJson(Question.Post("""{"challenge":"3eZbrw1aBm2r"}"""), ProviderHandshakes.Monday, """{"challenge":"3eZbrw1aBm2r"}""");

        var happened = await Question.Post("""{"challenge":"x","event":{"type":"create_pulse"}}""").AskAsync(ProviderHandshakes.Monday);
        Assert.Equal(HandshakeStatus.NotAsked, happened.Status);
    }

    [Fact]
    public async Task AzureEventGrid_SubscriptionValidation_AnswersTheCode()
    {
        var question = Question.Post(EventGridQuestion).With("aeg-event-type", "SubscriptionValidation").With("aeg-subscription-name", "ORDERS");
        const string Answer = """{"validationResponse":"512d38b6-c7b8-40c8-89fe-f46f9e9622b6"}""";

        await AssertJson(question, ProviderHandshakes.AzureEventGrid, Answer);
        await AssertJson(question.Setting(HandshakeSettings.Topics, "INVOICES ORDERS"), ProviderHandshakes.AzureEventGrid, Answer);

        await AssertRefused(
            question.Setting(HandshakeSettings.Topics, "INVOICES"), ProviderHandshakes.AzureEventGrid, HandshakeStatus.TopicNotAllowed, 404);
    }

    [Fact]
    public async Task Trello_Head_IsAcknowledged() =>
        Assert.Equal(200, (await new Question("HEAD").AskAsync(ProviderHandshakes.Trello)).Response!.StatusCode);

    [Fact]
    public void Stages_OfSignedQuestions_AreAfterVerification()
    {
        Handshake[] signed =
        [
            .. ProviderHandshakes.Slack, .. ProviderHandshakes.Zoom, .. ProviderHandshakes.Twitch, .. ProviderHandshakes.Discord,
            .. ProviderHandshakes.AwsSns, .. ProviderHandshakes.Okta, .. ProviderHandshakes.GoogleCalendar,
            .. ProviderHandshakes.AzureEventGrid,
        ];

        Assert.All(signed, handshake => Assert.Equal(HandshakeStage.AfterVerification, handshake.Stage));
    }

    [Theory]
    [InlineData("""{"type":"url_verification"}""")]
    [InlineData("""{"type":"url_verification","challenge":{"a":1}}""")]
    [InlineData("""{"type":"url_verification","challenge":"<b>"}""")]
    [InlineData("""{"type":"url_verification","challenge":"\ud800"}""")]
    public async Task Slack_ChallengeThatIsNone_IsRefused(string body) =>
        await AssertRefused(Question.Post(body), ProviderHandshakes.Slack, HandshakeStatus.MalformedChallenge, 400);

    [Theory]
    [InlineData("")]
    [InlineData("url_verification")]
    [InlineData("""{"type":"url_verification","type":"url_verification","challenge":"a"}""")]
    [InlineData("""[{"type":"url_verification","challenge":"a"}]""")]
    [InlineData("""{"type":"event_callback","challenge":"url_verification"}""")]
    public async Task Slack_AnythingElse_IsNotAsked(string body) =>
        Assert.Equal(HandshakeStatus.NotAsked, (await Question.Post(body).AskAsync(ProviderHandshakes.Slack)).Status);

    [Fact]
    public async Task Slack_BodyTooLargeForAQuestion_IsNotAsked() => Assert.Equal(
        HandshakeStatus.NotAsked,
        (await Question.Post(SlackQuestion + new string(' ', 64 * 1024)).AskAsync(ProviderHandshakes.Slack)).Status);

    private static WebhookKit.Verification.ProviderSetting PublicKeyId { get; } = new("PublicKeyId", "The public key.");

    private static async Task<HandshakeResponse> AssertText(Question question, IReadOnlyList<Handshake> handshakes, string text)
    {
        var response = await AssertAnswered(question, handshakes, text);
        Assert.Equal("text/plain; charset=utf-8", response.ContentType);
        return response;
    }

    private static async Task AssertJson(Question question, IReadOnlyList<Handshake> handshakes, string json)
    {
        var response = await AssertAnswered(question, handshakes, json);
        Assert.Equal("application/json", response.ContentType);
    }

    private static async Task<HandshakeResponse> AssertAnswered(Question question, IReadOnlyList<Handshake> handshakes, string body)
    {
        var result = await question.AskAsync(handshakes);
        Assert.Equal(HandshakeStatus.Answered, result.Status);
        Assert.Equal(200, result.Response!.StatusCode);
        Assert.Equal(body, Encoding.UTF8.GetString(result.Response.Body.Span), ignoreLineEndingDifferences: false);
        return result.Response;
    }

    private static async Task AssertRefused(Question question, IReadOnlyList<Handshake> handshakes, HandshakeStatus status, int statusCode)
    {
        var result = await question.AskAsync(handshakes);
        Assert.Equal(status, result.Status);
        Assert.Equal((statusCode, 0), (result.Response!.StatusCode, result.Response.Body.Length));
    }
}
