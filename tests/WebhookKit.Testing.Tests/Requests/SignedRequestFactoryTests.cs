using System.Text;
using WebhookKit.Verification;

namespace WebhookKit.Testing.Tests.Requests;

public sealed class SignedRequestFactoryTests : IDisposable
{
    private readonly FakeTimeProvider _clock = new();
    private readonly WebhookSecret _secret = WebhookSecret.Generate();
    private readonly SignedRequestFactory _factory;

    public SignedRequestFactoryTests() => _factory = new SignedRequestFactory([_secret], _clock);

    public static TheoryData<Tampering> Tamperings => [.. Enum.GetValues<Tampering>().Where(tampering => tampering != Tampering.None)];

    public void Dispose() => _factory.Dispose();

    [Theory]
    [InlineData("")]
    [InlineData("{}")]
    [InlineData("\uFEFF{\"naïve\":\"\r\n\"}")]
    public async Task CreateAsync_Untampered_Verifies(string payload)
    {
        using var request = await _factory.CreateAsync("http://localhost/", payload, new SignedRequestOptions { Id = "msg_1" });

        var verified = await VerifyAsync(request);

        Assert.Equal(VerificationStatus.Verified, verified.Status);
        Assert.Equal("msg_1", verified.Id);
        Assert.Equal(_clock.GetUtcNow(), verified.Timestamp);
        Assert.Equal(Encoding.UTF8.GetBytes(payload), await request.Content!.ReadAsByteArrayAsync());
    }

    [Theory]
    [MemberData(nameof(Tamperings))]
    public async Task CreateAsync_Tampered_DoesNotVerify(Tampering tampering)
    {
        foreach (var payload in (string[])["", "{\"a\":1}"])
        {
            using var request = await _factory.CreateAsync("/", payload, new SignedRequestOptions { Tampering = tampering });

            Assert.False((await VerifyAsync(request)).IsVerified);
        }
    }

    [Fact]
    public async Task CreateAsync_OldTimestamp_IsOutsideTolerance()
    {
        using var request = await _factory.CreateAsync(
            "/", "{}", new SignedRequestOptions { Timestamp = _clock.GetUtcNow() - TimeSpan.FromMinutes(6) });

        Assert.Equal(VerificationStatus.TimestampOutsideTolerance, (await VerifyAsync(request)).Status);
    }

    [Fact]
    public async Task CreateAsync_TwoRequests_HaveDifferentIds()
    {
        using var first = await _factory.CreateAsync("/", "{}");
        using var second = await _factory.CreateAsync("/", "{}");

        Assert.NotEqual((await VerifyAsync(first)).Id, (await VerifyAsync(second)).Id);
    }

    private async Task<VerificationResult> VerifyAsync(HttpRequestMessage request)
    {
        using var verifier = new StandardWebhooksVerifier([_secret], TimeSpan.FromMinutes(5), _clock);
        var lines = request.Headers.SelectMany(header => header.Value.Select(value => KeyValuePair.Create(header.Key, value)));
        var body = await request.Content!.ReadAsByteArrayAsync();
        return await verifier.VerifyAsync(new WebhookRequest("POST", null, WebhookHeaders.Create(lines), body));
    }
}
