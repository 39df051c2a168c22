using System.Buffers.Text;
using System.Net;
using System.Security.Cryptography;
using System.Text;
using WebhookKit.Testing;
using WebhookKit.Verification;

namespace WebhookKit.Tests.Verification;

public sealed class FetchedKeysTests : IDisposable
{
    private readonly FakeTimeProvider _clock = new(DateTimeOffset.FromUnixTimeSeconds(1_750_000_000));
    private readonly RSA _key = RSA.Create(2048);
    private readonly Publisher _publisher = new();

    public void Dispose()
    {
        _key.Dispose();
        _publisher.Dispose();
    }

    [Fact]
    public async Task Verify_KeySetIsPublished_IsFetchedOnceAnHour()
    {
        _publisher.Text = KeySet("kid-1");
        var verifier = PubSub();

        Assert.Equal(VerificationStatus.Verified, await VerifyAsync(verifier, Token("kid-1")));
        Assert.Equal(VerificationStatus.Verified, await VerifyAsync(verifier, Token("kid-1")));
        Assert.Equal([PublicKeyTokens.GoogleKeys], _publisher.Called);

        _clock.Advance(TimeSpan.FromMinutes(61));
        Assert.Equal(VerificationStatus.Verified, await VerifyAsync(verifier, Token("kid-1")));
        Assert.Equal(2, _publisher.Called.Count);
    }

    [Fact]
    public async Task Verify_UnknownKeysInARow_AreNotAllAskedFor()
    {
        _publisher.Text = KeySet("kid-1");
        var verifier = PubSub();

        for (var number = 0; number < 50; number++)
        {
            Assert.Equal(VerificationStatus.UntrustedKey, await VerifyAsync(verifier, Token($"made-up-{number}")));
        }

        Assert.Equal(10, _publisher.Called.Count);
        Assert.Equal(VerificationStatus.Verified, await VerifyAsync(verifier, Token("kid-1")));
    }

    [Fact]
    public async Task Verify_KeySetCannotBeFetched_IsUnavailableAndKeepsWhatItHasForADay()
    {
        var verifier = PubSub();
        Assert.Equal(VerificationStatus.KeyUnavailable, await VerifyAsync(verifier, Token("kid-1")));

        _publisher.Text = KeySet("kid-1");
        Assert.Equal(VerificationStatus.Verified, await VerifyAsync(verifier, Token("kid-1")));

        _publisher.Text = null;
        _clock.Advance(TimeSpan.FromHours(23));
        Assert.Equal(VerificationStatus.Verified, await VerifyAsync(verifier, Token("kid-1")));

        _clock.Advance(TimeSpan.FromHours(2));
        Assert.Equal(VerificationStatus.KeyUnavailable, await VerifyAsync(verifier, Token("kid-1")));
    }

    [Fact]
    public async Task Verify_WhoAsksHangsUp_TheKeysAreKeptForTheOthers()
    {
        _publisher.Text = KeySet("kid-1");
        var verifier = PubSub();
        using var hangUp = new CancellationTokenSource();
        _publisher.OnCalled = hangUp.Cancel;

        await verifier.VerifyAsync(Token("kid-1"), hangUp.Token);
        Assert.Equal(VerificationStatus.Verified, await VerifyAsync(verifier, Token("kid-1")));
        Assert.Single(_publisher.Called);
    }

    [Theory]
    [InlineData("not json")]
    [InlineData("{}")]
    [InlineData("{\"keys\":{}}")]
    [InlineData("{\"keys\":[1,{},{\"kty\":\"RSA\"},{\"kty\":\"RSA\",\"kid\":\"kid-1\",\"n\":\"AQAB\",\"e\":\"AQAB\"}]}")]
    public async Task Verify_KeySetIsNone_Refuses(string text)
    {
        _publisher.Text = text;

        Assert.NotEqual(VerificationStatus.Verified, await VerifyAsync(PubSub(), Token("kid-1")));
    }

    private static async Task<VerificationStatus> VerifyAsync(IWebhookVerifier verifier, WebhookRequest request) =>
        (await verifier.VerifyAsync(request, CancellationToken.None)).Status;

    private IWebhookVerifier PubSub() => WebhookProviders.GooglePubSub.CreateVerifier(Context(new()
    {
        ["Audience"] = "https://example.com/push",
        ["ServiceAccountEmail"] = "push@example.com",
    }));

    private VerifierContext Context(Dictionary<string, string> settings) => new()
    {
        Secrets = [],
        Tolerance = Timeout.InfiniteTimeSpan,
        TimeProvider = _clock,
        Settings = settings,
        KeyClient = _publisher.Client,
    };

    private WebhookRequest Token(string keyId)
    {
        var head = Encode($$"""{"alg":"RS256","kid":"{{keyId}}"}""");
        var claims = Encode("""{"iss":"https://accounts.google.com","aud":"https://example.com/push","email":"push@example.com","email_verified":true}""");
        var signature = _key.SignData(Encoding.ASCII.GetBytes($"{head}.{claims}"), HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        var token = $"{head}.{claims}.{Base64Url.EncodeToString(signature)}";
        return new WebhookRequest("POST", null, WebhookHeaders.Create([new("Authorization", "Bearer " + token)]), "{}"u8.ToArray());
    }

    private string KeySet(string keyId)
    {
        var parameters = _key.ExportParameters(includePrivateParameters: false);
        return $$"""{"keys":[{"kty":"RSA","use":"sig","kid":"{{keyId}}","n":"{{Base64Url.EncodeToString(parameters.Modulus)}}","e":"{{Base64Url.EncodeToString(parameters.Exponent)}}"}]}""";
    }

    private static string Encode(string json) => Base64Url.EncodeToString(Encoding.UTF8.GetBytes(json));

    /// <summary>Answers with a text, or 503 without one, and notes what it is asked for.</summary>
    private sealed class Publisher : HttpMessageHandler
    {
        public Publisher() => Client = new HttpMessageInvoker(this, disposeHandler: false);

        public HttpMessageInvoker Client { get; }

        public string? Text { get; set; }

        public List<Uri> Called { get; } = [];

        public Action OnCalled { get; set; } = () => { };

        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            Called.Add(request.RequestUri!);
            OnCalled();
            cancellationToken.ThrowIfCancellationRequested();
            return Task.FromResult(Text is null
                ? new HttpResponseMessage(HttpStatusCode.ServiceUnavailable)
                : new HttpResponseMessage(HttpStatusCode.OK) { Content = new StringContent(Text) });
        }

        protected override void Dispose(bool disposing)
        {
            Client.Dispose();
            base.Dispose(disposing);
        }
    }
}
