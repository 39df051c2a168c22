using System.Buffers.Text;
using System.Net;
using System.Security.Cryptography;
using System.Text;
using WebhookKit.Testing;
using WebhookKit.Verification;

namespace WebhookKit.Tests.Verification;

/// <summary>Keys that are asked of Plaid's API by the id in a token.</summary>
public sealed class PlaidKeysTests : IDisposable
{
    private const string Body = """{"webhook_type":"ITEM"}""";

    private readonly FakeTimeProvider _clock = new(DateTimeOffset.FromUnixTimeSeconds(1_750_000_000));
    private readonly ECDsa _key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
    private readonly Plaid _plaid = new();

    public void Dispose()
    {
        _key.Dispose();
        _plaid.Dispose();
    }

    [Fact]
    public async Task Verify_KeyOfTheApi_IsFetchedOnceADay()
    {
        _plaid.Answer = _ => Answer("kid-1");
        using var verifier = Create();

        Assert.Equal(VerificationStatus.Verified, await VerifyAsync(verifier, "kid-1"));
        Assert.Equal(VerificationStatus.Verified, await VerifyAsync(verifier, "kid-1"));

        var (url, question) = Assert.Single(_plaid.Asked);
        Assert.Equal(new Uri("https://production.plaid.com/webhook_verification_key/get"), url);
        Assert.Equal("""{"client_id":"kit-client","secret":"kit-secret","key_id":"kid-1"}""", question);

        _clock.Advance(TimeSpan.FromHours(25));
        Assert.Equal(VerificationStatus.Verified, await VerifyAsync(verifier, "kid-1"));
        Assert.Equal(2, _plaid.Asked.Count);
    }

    [Fact]
    public async Task Verify_TwoSecretsOfTheApi_AreTriedInTurn()
    {
        _plaid.Answer = question => question.Contains("new-secret", StringComparison.Ordinal) ? Answer("kid-1") : null;
        using var verifier = Create(["old-secret", "new-secret"], environment: "sandbox");

        Assert.Equal(VerificationStatus.Verified, await VerifyAsync(verifier, "kid-1"));

        Assert.All(_plaid.Asked, asked => Assert.Equal("sandbox.plaid.com", asked.Url.Host));
        Assert.Equal(2, _plaid.Asked.Count);
    }

    [Fact]
    public async Task Verify_KeyThatWasWithdrawnOrIsAnothers_IsNotTrusted()
    {
        using var verifier = Create();
        _plaid.Answer = _ => Answer("kid-1", expiredAt: "1749999999");
        Assert.Equal(VerificationStatus.UntrustedKey, await VerifyAsync(verifier, "kid-1"));
        _plaid.Answer = _ => Answer("kid-1");
        Assert.Equal(VerificationStatus.UntrustedKey, await VerifyAsync(verifier, "kid-2"));
        _plaid.Answer = _ => "{\"key\":7}";
        Assert.Equal(VerificationStatus.UntrustedKey, await VerifyAsync(verifier, "kid-3"));
        _plaid.Answer = _ => "not json";
        Assert.Equal(VerificationStatus.UntrustedKey, await VerifyAsync(verifier, "kid-4"));
    }

    [Fact]
    public async Task Verify_ApiAway_IsUnavailableForAMinute()
    {
        using var verifier = Create();
        Assert.Equal(VerificationStatus.KeyUnavailable, await VerifyAsync(verifier, "kid-1"));
        _plaid.Answer = _ => Answer("kid-1");
        Assert.Equal(VerificationStatus.KeyUnavailable, await VerifyAsync(verifier, "kid-1"));
        Assert.Single(_plaid.Asked);

        _clock.Advance(TimeSpan.FromMinutes(1));
        Assert.Equal(VerificationStatus.Verified, await VerifyAsync(verifier, "kid-1"));
    }

    [Fact]
    public async Task Verify_IdsThatAreMadeUp_AreNotAllAskedFor()
    {
        using var verifier = Create();
        for (var number = 0; number < 50; number++)
        {
            Assert.Equal(VerificationStatus.KeyUnavailable, await VerifyAsync(verifier, $"made-up-{number}"));
        }

        Assert.Equal(VerificationStatus.UntrustedKey, await VerifyAsync(verifier, new string('k', 129)));
        Assert.Equal(VerificationStatus.UntrustedKey, await VerifyAsync(verifier, "a b"));
        Assert.Equal(10, _plaid.Asked.Count);
    }

    [Fact]
    public async Task Verify_IdsThatAreMadeUp_CostTheGoodKeyNothing()
    {
        _plaid.Answer = question => question.Contains("\"kid-1\"", StringComparison.Ordinal) ? Answer("kid-1") : null;
        using var verifier = Create();
        Assert.Equal(VerificationStatus.Verified, await VerifyAsync(verifier, "kid-1"));

        for (var minute = 0; minute < 10; minute++)
        {
            for (var number = 0; number < 20; number++)
            {
                Assert.Equal(VerificationStatus.KeyUnavailable, await VerifyAsync(verifier, $"made-up-{minute}-{number}"));
            }

            Assert.Equal(VerificationStatus.Verified, await VerifyAsync(verifier, "kid-1"));
            _clock.Advance(TimeSpan.FromMinutes(1));
        }

        Assert.Equal(1, AskedFor("kid-1"));

        // Older than it may be used unless it is fetched anew, and the budget for made-up ids is spent.
        _clock.Advance(TimeSpan.FromDays(4));
        for (var number = 0; number < 20; number++)
        {
            await VerifyAsync(verifier, $"made-up-{number}");
        }

        Assert.Equal(VerificationStatus.Verified, await VerifyAsync(verifier, "kid-1"));
        Assert.Equal(2, AskedFor("kid-1"));
    }

    [Fact]
    public async Task Verify_ApiAwayLater_KeepsTheKeyForThreeDays()
    {
        _plaid.Answer = _ => Answer("kid-1");
        using var verifier = Create();
        Assert.Equal(VerificationStatus.Verified, await VerifyAsync(verifier, "kid-1"));

        _plaid.Answer = _ => null;
        _clock.Advance(TimeSpan.FromHours(71));
        Assert.Equal(VerificationStatus.Verified, await VerifyAsync(verifier, "kid-1"));
        _clock.Advance(TimeSpan.FromHours(2));
        Assert.Equal(VerificationStatus.KeyUnavailable, await VerifyAsync(verifier, "kid-1"));
    }

    [Fact]
    public async Task Verify_KeyIsWithdrawnLater_IsNoLongerTrusted()
    {
        _plaid.Answer = _ => Answer("kid-1");
        using var verifier = Create();
        Assert.Equal(VerificationStatus.Verified, await VerifyAsync(verifier, "kid-1"));

        _plaid.Answer = _ => Answer("kid-1", expiredAt: "1750000001");
        _clock.Advance(TimeSpan.FromHours(25));
        Assert.Equal(VerificationStatus.UntrustedKey, await VerifyAsync(verifier, "kid-1"));
    }

    [Fact]
    public void CreateVerifier_EnvironmentThatIsNone_SaysSo()
    {
        var error = Assert.Throws<ArgumentException>(() => Create(environment: "https://evil.example"));

        Assert.Contains("'production' nor 'sandbox'", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("kit-secret", true)]
    [InlineData("{\"kty\":\"EC\"}", false)]
    [InlineData("-----BEGIN PUBLIC KEY-----", false)]
    [InlineData("", false)]
    public void ValidateSecret_KeyOrSecretOfTheApi_IsUsable(string text, bool usable) =>
        Assert.Equal(usable, WebhookProviders.Plaid.ValidateSecret(text) is null);

    [Fact]
    public void CreateVerifier_SecretOfTheApiWithoutClientId_IsNoKey() =>
        Assert.Throws<FormatException>(() => WebhookProviders.Plaid.CreateVerifier(Context(["kit-secret"], [])));

    private int AskedFor(string keyId) => _plaid.Asked.Count(asked => asked.Question.Contains($"\"{keyId}\"", StringComparison.Ordinal));

    private PublicKeyTokenVerifier Create(string[]? secrets = null, string? environment = null)
    {
        var settings = new Dictionary<string, string> { ["ClientId"] = "kit-client" };
        if (environment is not null)
        {
            settings["Environment"] = environment;
        }

        return (PublicKeyTokenVerifier)WebhookProviders.Plaid.CreateVerifier(Context(secrets ?? ["kit-secret"], settings));
    }

    private VerifierContext Context(string[] secrets, Dictionary<string, string> settings) => new()
    {
        Secrets = secrets,
        Tolerance = Timeout.InfiniteTimeSpan,
        TimeProvider = _clock,
        Settings = settings,
        KeyClient = _plaid.Client,
    };

    private async Task<VerificationStatus> VerifyAsync(PublicKeyTokenVerifier verifier, string keyId)
    {
        var head = Encode($$"""{"alg":"ES256","kid":"{{keyId}}"}""");
        var claims = Encode($$"""{"iat":1750000000,"request_body_sha256":"{{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(Body)))}}"}""");
        var signature = _key.SignData(Encoding.ASCII.GetBytes($"{head}.{claims}"), HashAlgorithmName.SHA256);
        var headers = WebhookHeaders.Create([new("Plaid-Verification", $"{head}.{claims}.{Base64Url.EncodeToString(signature)}")]);
        return (await verifier.VerifyAsync(new WebhookRequest("POST", null, headers, Encoding.UTF8.GetBytes(Body)), CancellationToken.None)).Status;
    }

    private string Answer(string keyId, string expiredAt = "null")
    {
        var point = _key.ExportParameters(includePrivateParameters: false).Q;
        return $$"""
            {"key":{"alg":"ES256","created_at":1,"crv":"P-256","expired_at":{{expiredAt}},"kid":"{{keyId}}","kty":"EC","use":"sig",
            "x":"{{Base64Url.EncodeToString(point.X)}}","y":"{{Base64Url.EncodeToString(point.Y)}}"},"request_id":"kit"}
            """;
    }

    private static string Encode(string json) => Base64Url.EncodeToString(Encoding.UTF8.GetBytes(json));

    /// <summary>Answers with a text, or 503 without one, and notes what it is asked.</summary>
    private sealed class Plaid : HttpMessageHandler
    {
        public Plaid() => Client = new HttpMessageInvoker(this, disposeHandler: false);

        public HttpMessageInvoker Client { get; }

        public Func<string, string?> Answer { get; set; } = _ => null;

        public List<(Uri Url, string Question)> Asked { get; } = [];

        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            Assert.Equal(HttpMethod.Post, request.Method);
            Assert.Equal("application/json", request.Content!.Headers.ContentType?.MediaType);
            var question = await request.Content.ReadAsStringAsync(cancellationToken);
            Asked.Add((request.RequestUri!, question));
            return Answer(question) is { } text
                ? new HttpResponseMessage(HttpStatusCode.OK) { Content = new StringContent(text) }
                : new HttpResponseMessage(HttpStatusCode.BadRequest);
        }

        protected override void Dispose(bool disposing)
        {
            Client.Dispose();
            base.Dispose(disposing);
        }
    }
}
