using System.Security.Cryptography;
using System.Text;
using WebhookKit.Testing;
using WebhookKit.Verification;

namespace WebhookKit.Tests.Verification;

/// <summary>A request that was captured carries several signatures, and whoever sends it again chooses which to leave out.</summary>
public sealed class HubSpotVersionTests
{
    private const string Url = "https://example.com/hooks/hubspot";
    private const string Body = "[]";

    private readonly FakeTimeProvider _clock = new(DateTimeOffset.FromUnixTimeSeconds(1_750_000_000));

    [Theory]
    [InlineData(null, VerificationStatus.MissingSignature, VerificationStatus.MissingSignature)]
    [InlineData("v3", VerificationStatus.MissingSignature, VerificationStatus.MissingSignature)]
    [InlineData("v2", VerificationStatus.Verified, VerificationStatus.MissingSignature)]
    [InlineData("v1", VerificationStatus.Verified, VerificationStatus.Verified)]
    public async Task Verify_WithoutTheNewestSignature_IsWhatTheSourceSays(string? oldest, VerificationStatus ofVersion2, VerificationStatus ofVersion1)
    {
        using var verifier = Create(oldest);

        Assert.Equal(VerificationStatus.Verified, await VerifyAsync(verifier, Version3()));
        Assert.Equal(ofVersion2, await VerifyAsync(verifier, Older("v2", $"kitPOST{Url}{Body}")));
        Assert.Equal(ofVersion1, await VerifyAsync(verifier, Older("v1", $"kit{Body}")));
    }

    [Fact]
    public async Task Verify_CapturedRequest_GrowsOldWithAllOfItsSignatures()
    {
        using var verifier = Create("v1");
        var captured = Version3().Concat(Older("v2", $"kitPOST{Url}{Body}")).ToArray();
        Assert.Equal(VerificationStatus.Verified, await VerifyAsync(verifier, captured));

        _clock.Advance(TimeSpan.FromHours(1));
        Assert.Equal(VerificationStatus.TimestampOutsideTolerance, await VerifyAsync(verifier, captured));
    }

    [Fact]
    public void CreateVerifier_VersionThatIsNone_SaysSo()
    {
        var error = Assert.Throws<ArgumentException>(() => Create("v4"));

        Assert.Contains("'OldestVersion' is no version", error.Message, StringComparison.Ordinal);
    }

    private static async Task<VerificationStatus> VerifyAsync(IWebhookVerifier verifier, IEnumerable<KeyValuePair<string, string>> headers) =>
        (await verifier.VerifyAsync(
            new WebhookRequest("POST", Url, WebhookHeaders.Create(headers), Encoding.UTF8.GetBytes(Body)), CancellationToken.None)).Status;

    private KeyValuePair<string, string>[] Version3()
    {
        var timestamp = _clock.GetUtcNow().ToUnixTimeMilliseconds();
        var signature = HMACSHA256.HashData("kit"u8, Encoding.UTF8.GetBytes($"POST{Url}{Body}{timestamp}"));
        return [new("X-HubSpot-Signature-v3", Convert.ToBase64String(signature)), new("X-HubSpot-Request-Timestamp", $"{timestamp}")];
    }

    private static KeyValuePair<string, string>[] Older(string version, string content) =>
    [
        new("X-HubSpot-Signature", Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(content)))),
        new("X-HubSpot-Signature-Version", version),
    ];

    private AlternativesVerifier Create(string? oldest) => (AlternativesVerifier)WebhookProviders.HubSpot.CreateVerifier(new VerifierContext
    {
        Secrets = ["kit"],
        Tolerance = TimeSpan.FromMinutes(5),
        TimeProvider = _clock,
        Settings = oldest is null ? new Dictionary<string, string>() : new() { ["OldestVersion"] = oldest },
    });
}
