using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Text.Json;
using WebhookKit.Handshakes;
using WebhookKit.Testing;
using WebhookKit.Verification;

namespace WebhookKit.Tests.Verification;

/// <summary>Certificates that requests name by a URL: whose they are, and what it takes to be asked for them.</summary>
public sealed class FetchedCertificatesTests : IDisposable
{
    private const string Topic = "arn:aws:sns:eu-west-1:1:t";
    private const string CertificateUrl = "https://sns.eu-west-1.amazonaws.com/SimpleNotificationService-1.pem";
    private const string IssuerUrl = "http://issuer.example/issuer.cer";

    private readonly FakeTimeProvider _clock = new(DateTimeOffset.FromUnixTimeSeconds(1_750_000_000));
    private readonly RSA _key = RSA.Create(2048);
    private readonly TestPublisher _publisher = new();
    private readonly TestAuthority _root;
    private readonly TestAuthority _issuer;

    public FetchedCertificatesTests()
    {
        _root = TestAuthority.Root("Kit Root", Now);
        _issuer = _root.Issue("Kit Issuer", Now, IssuerUrl);
    }

    private DateTimeOffset Now => _clock.GetUtcNow();

    public void Dispose()
    {
        _key.Dispose();
        _publisher.Dispose();
        _root.Dispose();
        _issuer.Dispose();
    }

    [Fact]
    public async Task Verify_ChainIsPublished_IsFetchedOnceADay()
    {
        Publish(Pem(Leaf(_issuer), _issuer.Certificate));
        using var verifier = Sns();

        Assert.Equal(VerificationStatus.Verified, await VerifyAsync(verifier, CertificateUrl));
        Assert.Equal(VerificationStatus.Verified, await VerifyAsync(verifier, CertificateUrl));
        Assert.Equal([CertificateUrl], _publisher.Called);

        _clock.Advance(TimeSpan.FromHours(25));
        Assert.Equal(VerificationStatus.Verified, await VerifyAsync(verifier, CertificateUrl));
        Assert.Equal([CertificateUrl, CertificateUrl], _publisher.Called);
    }

    [Fact]
    public async Task Verify_CertificateAloneIsPublished_IssuersAreFetchedFromWhereItSays()
    {
        // As AWS SNS does it: neither of the two in between comes along.
        using var second = _issuer.Issue("Kit Issuer 2", Now, "https://issuer.example/second.cer");
        Publish(Pem(Leaf(second)));
        _publisher.Published["https://issuer.example/second.cer"] = second.Certificate.RawData;
        _publisher.Published[IssuerUrl] = _issuer.Certificate.RawData;
        using var verifier = Sns();

        Assert.Equal(VerificationStatus.Verified, await VerifyAsync(verifier, CertificateUrl));
        Assert.Equal(VerificationStatus.Verified, await VerifyAsync(verifier, CertificateUrl));
        Assert.Equal([CertificateUrl, "https://issuer.example/second.cer", IssuerUrl], _publisher.Called);
    }

    [Fact]
    public async Task Verify_IssuerIsAway_IsUnavailableForAMinute()
    {
        Publish(Pem(Leaf(_issuer)));
        using var verifier = Sns();
        Assert.Equal(VerificationStatus.KeyUnavailable, await VerifyAsync(verifier, CertificateUrl));

        _publisher.Published[IssuerUrl] = _issuer.Certificate.RawData;
        Assert.Equal(VerificationStatus.KeyUnavailable, await VerifyAsync(verifier, CertificateUrl));
        _clock.Advance(TimeSpan.FromMinutes(1));
        Assert.Equal(VerificationStatus.Verified, await VerifyAsync(verifier, CertificateUrl));
    }

    [Fact]
    public async Task Verify_GenuineCertificateOfAmazon_HasItsIssuerFetchedFromAmazonsAuthority()
    {
        var file = await File.ReadAllBytesAsync(Path.Combine(AppContext.BaseDirectory, "vectors", "open.json"));
        var vector = SignatureVector.Parse(file).Single(vector => vector.Id == "sns-official-nosubject");
        using var document = JsonDocument.Parse(file);
        var json = document.RootElement.EnumerateArray().Single(element => element.GetProperty("id").ValueEquals(vector.Id));
        var url = json.GetProperty("context").GetProperty("certificateUrl").GetString()!;
        _publisher.Published[url] = Encoding.ASCII.GetBytes(json.GetProperty("publicKey").GetString()!);
        _clock.SetUtcNow(vector.Now);
        using var verifier = Sns(topics: "arn:aws:sns:us-west-2:131990247566:dongie-standard-topic");

        Assert.Equal(VerificationStatus.KeyUnavailable, (await verifier.VerifyAsync(vector.ToRequest())).Status);
        Assert.Equal([url, "http://crt.r2m01.amazontrust.com/r2m01.cer"], _publisher.Called);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("ftp://issuer.example/issuer.cer")]
    [InlineData("http://user@issuer.example/issuer.cer")]
    [InlineData("http://localhost/issuer.cer")]
    [InlineData("http://169.254.169.254/issuer.cer")]
    [InlineData("issuer.cer")]
    public async Task Verify_IssuerIsNowhereToBeCalled_IsNotTrusted(string? url)
    {
        using var issuer = _root.Issue("Kit Issuer", Now, url);
        Publish(Pem(Leaf(issuer)));
        using var verifier = Sns();

        Assert.Equal(VerificationStatus.UntrustedKey, await VerifyAsync(verifier, CertificateUrl));
        Assert.Equal([CertificateUrl], _publisher.Called);
    }

    [Fact]
    public async Task Verify_IssuerIsNoCertificateOrTooFarAway_IsNotTrusted()
    {
        Publish(Pem(Leaf(_issuer)));
        _publisher.Published[IssuerUrl] = "not a certificate"u8.ToArray();
        using (var verifier = Sns())
        {
            Assert.Equal(VerificationStatus.UntrustedKey, await VerifyAsync(verifier, CertificateUrl));
        }

        // What it says it was issued by is always the same one, which has not issued it.
        _publisher.Published[IssuerUrl] = _root.Certificate.RawData;
        using (var verifier = Sns())
        {
            Assert.Equal(VerificationStatus.UntrustedKey, await VerifyAsync(verifier, CertificateUrl));
        }

        Assert.Equal([CertificateUrl, IssuerUrl, CertificateUrl, IssuerUrl, IssuerUrl], _publisher.Called);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Verify_CertificateThatSignedItself_IsNotTrusted(bool hasOwnRoots)
    {
        Publish(Pem(SelfSigned("sns.amazonaws.com")));
        using var verifier = Sns(hasOwnRoots);

        Assert.Equal(VerificationStatus.UntrustedKey, await VerifyAsync(verifier, CertificateUrl));
    }

    [Fact]
    public async Task Verify_ChainToAnothersRoot_IsNotTrusted()
    {
        // The names are those of the trusted ones, and the root comes along.
        using var root = TestAuthority.Root("Kit Root", Now);
        using var issuer = root.Issue("Kit Issuer", Now, url: null);
        Publish(Pem(Leaf(issuer), issuer.Certificate, root.Certificate));
        using var verifier = Sns();

        Assert.Equal(VerificationStatus.UntrustedKey, await VerifyAsync(verifier, CertificateUrl));
    }

    [Fact]
    public async Task Verify_IssuerOutOfDate_IsNotTrusted()
    {
        using var issuer = _root.Issue("Kit Issuer", Now, url: null, goodFor: TimeSpan.FromDays(30));
        Publish(Pem(Leaf(issuer), issuer.Certificate));
        _clock.Advance(TimeSpan.FromDays(31));
        using var verifier = Sns();

        Assert.Equal(VerificationStatus.UntrustedKey, await VerifyAsync(verifier, CertificateUrl));
    }

    [Fact]
    public async Task Verify_CertificateOutOfDate_IsNotTrusted()
    {
        PublishGood();
        _clock.Advance(TimeSpan.FromDays(800));
        using var verifier = Sns();

        Assert.Equal(VerificationStatus.UntrustedKey, await VerifyAsync(verifier, CertificateUrl));
    }

    [Fact]
    public async Task Verify_CertificateOfAnotherName_IsNotTrusted()
    {
        Publish(Pem(_issuer.Issue("evil.example", _key, Now), _issuer.Certificate));
        using var verifier = Sns();

        Assert.Equal(VerificationStatus.UntrustedKey, await VerifyAsync(verifier, CertificateUrl));
    }

    [Theory]
    [InlineData("http://sns.eu-west-1.amazonaws.com/a.pem")]
    [InlineData("https://sns.eu-west-1.amazonaws.com.evil.example/a.pem")]
    [InlineData("https://evil.example/sns.eu-west-1.amazonaws.com/a.pem")]
    [InlineData("https://sns.eu-west-1.amazonaws.com@evil.example/a.pem")]
    [InlineData("https://evil.example\\@sns.eu-west-1.amazonaws.com/a.pem")]
    [InlineData("https://sns.eu-west-1.amazonaws.com:8443/a.pem")]
    [InlineData("https://sns.eu-west-1.amazonaws.com/a.pem?x")]
    [InlineData("https://sns.eu-west-1.amazonaws.com/%2e%2e/a.pem")]
    [InlineData("https://sns.eu-west-1.amazonaws.com/a.txt")]
    [InlineData("https://sns..amazonaws.com/a.pem")]
    [InlineData("https://sns.amazonaws.com/a.pem")]
    [InlineData("https://sns.s3.amazonaws.com/a.pem")]
    [InlineData("https://sns.s3-us-west-2.amazonaws.com/a.pem")]
    [InlineData("https://sns.s3-website-us-west-2.amazonaws.com/a.pem")]
    [InlineData("https://sns.s3.us-west-2.amazonaws.com/a.pem")]
    [InlineData("https://sns.s3.cn-north-1.amazonaws.com.cn/a.pem")]
    [InlineData("https://sns.us-west.amazonaws.com/a.pem")]
    [InlineData("https://sns.us--1.amazonaws.com/a.pem")]
    [InlineData("https://sns.us-west-.amazonaws.com/a.pem")]
    [InlineData("")]
    public async Task Verify_CertificateElsewhere_IsNotFetched(string url)
    {
        using var verifier = Sns();

        Assert.Equal(VerificationStatus.UntrustedKey, await VerifyAsync(verifier, url));
        Assert.Empty(_publisher.Called);
    }

    [Theory]
    [InlineData("https://sns.us-gov-west-1.amazonaws.com/a.pem")]
    [InlineData("https://sns.ap-southeast-12.amazonaws.com/a.pem")]
    [InlineData("https://sns.cn-northwest-1.amazonaws.com.cn/a.pem")]
    public async Task Verify_CertificateOfAnyRegion_IsFetched(string url)
    {
        PublishGood(url);
        using var verifier = Sns();

        Assert.Equal(VerificationStatus.Verified, await VerifyAsync(verifier, url));
    }

    [Fact]
    public async Task Verify_MessageOfATopicThatIsNotListed_HasNothingFetched()
    {
        PublishGood();
        using var verifier = Sns(topics: "arn:aws:sns:eu-west-1:1:another");

        Assert.Equal(VerificationStatus.ClaimMismatch, await VerifyAsync(verifier, CertificateUrl));
        Assert.Empty(_publisher.Called);
    }

    [Fact]
    public async Task Verify_UrlsThatAreMadeUp_CostTheGoodCertificateNothing()
    {
        PublishGood();
        using var verifier = Sns();
        Assert.Equal(VerificationStatus.Verified, await VerifyAsync(verifier, CertificateUrl));

        for (var minute = 0; minute < 10; minute++)
        {
            _publisher.Called.Clear();
            for (var number = 0; number < 20; number++)
            {
                Assert.Equal(VerificationStatus.KeyUnavailable, await VerifyAsync(verifier, MadeUp(minute, number)));
            }

            Assert.InRange(_publisher.Called.Count, 9, 10);
            Assert.Equal(VerificationStatus.Verified, await VerifyAsync(verifier, CertificateUrl));
            Assert.DoesNotContain(CertificateUrl, _publisher.Called);
            _clock.Advance(TimeSpan.FromMinutes(1));
        }
    }

    [Fact]
    public async Task Verify_GoodCertificateGrowsOldWhileUrlsAreMadeUp_IsRenewed()
    {
        PublishGood();
        using var verifier = Sns();
        Assert.Equal(VerificationStatus.Verified, await VerifyAsync(verifier, CertificateUrl));

        // Older than it may be used unless it is fetched anew.
        _clock.Advance(TimeSpan.FromDays(4));
        for (var number = 0; number < 20; number++)
        {
            await VerifyAsync(verifier, MadeUp(0, number));
        }

        Assert.Equal(VerificationStatus.Verified, await VerifyAsync(verifier, CertificateUrl));
        Assert.Equal(2, _publisher.Called.Count(url => url == CertificateUrl));
    }

    [Fact]
    public async Task Verify_GoodCertificateCannotBeRenewed_IsUsedForThreeDaysAndAskedForOnceAMinute()
    {
        PublishGood();
        using var verifier = Sns();
        Assert.Equal(VerificationStatus.Verified, await VerifyAsync(verifier, CertificateUrl));

        _publisher.Published.Clear();
        _clock.Advance(TimeSpan.FromHours(71));
        Assert.Equal(VerificationStatus.Verified, await VerifyAsync(verifier, CertificateUrl));
        Assert.Equal(VerificationStatus.Verified, await VerifyAsync(verifier, CertificateUrl));
        Assert.Equal(2, _publisher.Called.Count);

        _clock.Advance(TimeSpan.FromHours(2));
        Assert.Equal(VerificationStatus.KeyUnavailable, await VerifyAsync(verifier, CertificateUrl));
        Assert.Equal(VerificationStatus.KeyUnavailable, await VerifyAsync(verifier, CertificateUrl));
        Assert.Equal(3, _publisher.Called.Count);

        PublishGood();
        _clock.Advance(TimeSpan.FromMinutes(1));
        Assert.Equal(VerificationStatus.Verified, await VerifyAsync(verifier, CertificateUrl));
    }

    [Fact]
    public async Task Verify_GoodCertificateIsReplacedByAnothers_IsNoLongerTrusted()
    {
        PublishGood();
        using var verifier = Sns();
        Assert.Equal(VerificationStatus.Verified, await VerifyAsync(verifier, CertificateUrl));

        Publish(Pem(SelfSigned("sns.amazonaws.com")));
        _clock.Advance(TimeSpan.FromHours(25));
        Assert.Equal(VerificationStatus.UntrustedKey, await VerifyAsync(verifier, CertificateUrl));
    }

    [Fact]
    public async Task Verify_MoreGoodCertificatesThanAreKept_TheOneInUseStays()
    {
        PublishGood();
        using var verifier = Sns();
        for (var number = 0; number < 80; number++)
        {
            PublishGood(MadeUp(0, number));
            Assert.Equal(VerificationStatus.Verified, await VerifyAsync(verifier, MadeUp(0, number)));
            Assert.Equal(VerificationStatus.Verified, await VerifyAsync(verifier, CertificateUrl));
            _clock.Advance(TimeSpan.FromMinutes(1));
        }

        Assert.Equal(81, _publisher.Called.Count);
    }

    [Fact]
    public async Task Verify_WhoAskedHangsUp_TheCertificateIsKeptForTheOthers()
    {
        PublishGood();
        using var verifier = Sns();
        using var hangUp = new CancellationTokenSource();
        _publisher.OnCalled = hangUp.Cancel;

        await verifier.VerifyAsync(Notification(CertificateUrl), hangUp.Token);
        Assert.Equal(VerificationStatus.Verified, await VerifyAsync(verifier, CertificateUrl));
        Assert.Equal([CertificateUrl], _publisher.Called);
    }

    [Fact]
    public async Task Verify_PayPal_NeedsAChainToo()
    {
        const string Url = "https://api.paypal.com/v1/notifications/certs/CERT-kit";
        var request = Transmission(Url);
        _publisher.Published[Url] = Pem(SelfSigned("messageverificationcerts.paypal.com"));
        using var verifier = PayPal();
        Assert.Equal(VerificationStatus.UntrustedKey, (await verifier.VerifyAsync(request)).Status);

        using var certificate = _issuer.Issue("messageverificationcerts.paypal.com", _key, Now);
        _publisher.Published[Url] = Pem(certificate, _issuer.Certificate);
        _clock.Advance(TimeSpan.FromMinutes(1));
        Assert.Equal(VerificationStatus.Verified, (await verifier.VerifyAsync(request)).Status);
    }

    private static string MadeUp(int minute, int number) => $"https://sns.eu-west-1.amazonaws.com/made-up-{minute}-{number}.pem";

    private static byte[] Pem(params X509Certificate2[] certificates) =>
        Encoding.ASCII.GetBytes(string.Join('\n', certificates.Select(certificate => certificate.ExportCertificatePem())));

    private async Task<VerificationStatus> VerifyAsync(IWebhookVerifier verifier, string url) =>
        (await verifier.VerifyAsync(Notification(url), CancellationToken.None)).Status;

    private SnsVerifier Sns(bool hasOwnRoots = true, string topics = Topic) => (SnsVerifier)WebhookProviders.AwsSns
        .CreateVerifier(Context(hasOwnRoots, HandshakeSettings.Topics.Name, topics));

    private PayPalVerifier PayPal() => (PayPalVerifier)WebhookProviders.PayPal
        .CreateVerifier(Context(hasOwnRoots: true, PayPalVerifier.WebhookId.Name, "KIT1"));

    private VerifierContext Context(bool hasOwnRoots, string setting, string value) => new()
    {
        Secrets = [],
        Tolerance = Timeout.InfiniteTimeSpan,
        TimeProvider = _clock,
        Settings = new Dictionary<string, string> { [setting] = value },
        KeyClient = _publisher.Client,
        TrustedRoots = hasOwnRoots ? [_root.Certificate] : null,
    };

    private void Publish(byte[] certificates) => _publisher.Published[CertificateUrl] = certificates;

    private void PublishGood(string url = CertificateUrl) => _publisher.Published[url] = Pem(Leaf(_issuer), _issuer.Certificate);

    private X509Certificate2 Leaf(TestAuthority issuer) => issuer.Issue("sns.amazonaws.com", _key, Now);

    private X509Certificate2 SelfSigned(string name) => new CertificateRequest($"CN={name}", _key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1)
        .CreateSelfSigned(Now.AddDays(-1), Now.AddDays(700));

    private WebhookRequest Notification(string url)
    {
        const string Content = $"Message\nhello\nMessageId\nid-1\nTimestamp\n2025-06-15T15:06:40.000Z\nTopicArn\n{Topic}\nType\nNotification\n";
        var body = $$"""
            {"Type":"Notification","MessageId":"id-1","TopicArn":"{{Topic}}","Message":"hello","Timestamp":"2025-06-15T15:06:40.000Z",
            "SignatureVersion":"2","Signature":"{{Sign(Content)}}","SigningCertURL":"{{url.Replace("\\", "\\\\", StringComparison.Ordinal)}}"}
            """;
        return new WebhookRequest("POST", null, WebhookHeaders.Create([]), Encoding.UTF8.GetBytes(body));
    }

    private WebhookRequest Transmission(string url) => new("POST", null, WebhookHeaders.Create([
        new("PAYPAL-TRANSMISSION-ID", "id-1"),
        new("PAYPAL-TRANSMISSION-TIME", "2025-06-15T15:06:40Z"),
        new("PAYPAL-AUTH-ALGO", "SHA256withRSA"),
        new("PAYPAL-CERT-URL", url),
        new("PAYPAL-TRANSMISSION-SIG", Sign($"id-1|2025-06-15T15:06:40Z|KIT1|{Crc32.Of("{}"u8)}")),
    ]), "{}"u8.ToArray());

    private string Sign(string content) =>
        Convert.ToBase64String(_key.SignData(Encoding.UTF8.GetBytes(content), HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1));
}
