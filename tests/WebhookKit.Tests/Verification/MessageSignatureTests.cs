using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.Primitives;
using WebhookKit.Testing;
using WebhookKit.Verification;

namespace WebhookKit.Tests.Verification;

/// <summary>What a receiver asks of HTTP message signatures (RFC 9421) beyond that they match.</summary>
public sealed class MessageSignatureTests
{
    private const string Url = "https://receiver.example/hooks";
    private static readonly DateTimeOffset Now = DateTimeOffset.FromUnixTimeSeconds(1_750_000_000);
    private static readonly byte[] Key = RandomNumberGenerator.GetBytes(32);

    [Fact]
    public async Task Verify_BodyThatIsNotCovered_IsRefused()
    {
        var result = await VerifyAsync(body: "{}", Sign([]));

        Assert.Equal(VerificationStatus.MissingSignedHeader, result.Status);
    }

    [Fact]
    public async Task Verify_BodyThatIsNotCoveredWithComponentsNamed_IsRefused()
    {
        var result = await VerifyAsync(body: "{}", Sign([("@method", "POST")]), ("Components", "@method"));

        Assert.Equal(VerificationStatus.MissingSignedHeader, result.Status);
    }

    [Theory]
    [InlineData("true", VerificationStatus.Verified)]
    [InlineData("True", VerificationStatus.Verified)]
    [InlineData("false", VerificationStatus.MissingSignedHeader)]
    public async Task Verify_BodyThatIsNotCoveredWhereTheSourceDecides_FollowsIt(string allow, VerificationStatus expected)
    {
        var result = await VerifyAsync(body: "{}", Sign([]), ("AllowUnsignedBody", allow));

        Assert.Equal(expected, result.Status);
    }

    [Fact]
    public void Create_PermissionThatIsNeitherTrueNorFalse_NamesTheCure()
    {
        var exception = Assert.Throws<ArgumentException>(() => Create(("AllowUnsignedBody", "yes")));

        Assert.Contains("'AllowUnsignedBody' is 'yes': use 'true' or 'false'", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Verify_OneOfSeveralSignaturesCoversTheBody_IsVerified()
    {
        var (first, second) = (Sign([]), Sign([("content-digest", Digest("{}"))]));
        var both = (
            Input: $"a{first.Input[1..]}, {second.Input}",
            Signature: $"a{first.Signature[1..]}, {second.Signature}");

        var result = await VerifyAsync(body: "{}", both);

        Assert.Equal(VerificationStatus.Verified, result.Status);
    }

    [Fact]
    public async Task Verify_WithBody_LeavesTheClaimKeyToIt()
    {
        var result = await VerifyAsync(body: "{}", Sign([("content-digest", Digest("{}"))]));

        Assert.Equal((VerificationStatus.Verified, null), (result.Status, result.Id));
    }

    [Fact]
    public async Task Verify_WithoutBody_KnowsTheRequestByWhatWasSigned()
    {
        var posted = await VerifyAsync(body: "", Sign([("@method", "POST")]));
        var again = await VerifyAsync(body: "", Sign([("@method", "POST")]), url: $"{Url}?n=1");
        var other = await VerifyAsync(body: "", Sign([("@path", "/hooks")]));

        Assert.All([posted, again, other], result => Assert.Equal(VerificationStatus.Verified, result.Status));
        Assert.NotNull(posted.Id);
        Assert.Equal(posted.Id, again.Id);
        Assert.NotEqual(posted.Id, other.Id);
    }

    private static IWebhookVerifier Create(params (string Name, string Value)[] settings) =>
        WebhookProviders.MessageSignatures.CreateVerifier(new VerifierContext
        {
            Secrets = [Convert.ToBase64String(Key)],
            Tolerance = TimeSpan.FromMinutes(5),
            TimeProvider = new FakeTimeProvider(Now),
            Settings = settings.Append(("Algorithm", "hmac-sha256")).ToDictionary(),
        });

    private static Task<VerificationResult> VerifyAsync(
        string body, (string Input, string Signature) signed, params (string Name, string Value)[] settings) =>
        VerifyAsync(body, signed, Url, settings);

    private static async Task<VerificationResult> VerifyAsync(
        string body, (string Input, string Signature) signed, string url, params (string Name, string Value)[] settings)
    {
        var headers = new Dictionary<string, StringValues>(StringComparer.OrdinalIgnoreCase)
        {
            ["Signature-Input"] = signed.Input,
            ["Signature"] = signed.Signature,
            ["Content-Digest"] = Digest(body),
        };
        var verifier = Create(settings);
        using var lifetime = verifier as IDisposable;
        return await verifier.VerifyAsync(new WebhookRequest("POST", url, WebhookHeaders.Wrap(headers), Encoding.UTF8.GetBytes(body)));
    }

    private static string Digest(string body) => $"sha-256=:{Convert.ToBase64String(SHA256.HashData(Encoding.UTF8.GetBytes(body)))}:";

    private static (string Input, string Signature) Sign((string Name, string Value)[] components)
    {
        var parameters = $"({string.Join(' ', components.Select(component => $"\"{component.Name}\""))});created={Now.ToUnixTimeSeconds()}";
        var content = string.Concat(components.Select(component => $"\"{component.Name}\": {component.Value}\n")) + $"\"@signature-params\": {parameters}";
        return ($"s={parameters}", $"s=:{Convert.ToBase64String(HMACSHA256.HashData(Key, Encoding.UTF8.GetBytes(content)))}:");
    }
}
