using System.Security.Cryptography;
using System.Text;
using WebhookKit.Signing;

namespace WebhookKit.Tests.Signing;

public class SignatureSchemesTests
{
    private const string Secret = "whsec_test_secret_of_some_length";
    private static readonly byte[] Payload = [.. "Hello, World!"u8];

    private static readonly SigningRequest Request =
        new("msg_1", DateTimeOffset.FromUnixTimeSeconds(1_750_000_000).AddMilliseconds(900), Payload);

    [Theory]
    [InlineData("standard-webhooks")]
    [InlineData("SVIX")]
    [InlineData("stripe")]
    [InlineData("Hub")]
    public void TryGet_KnownName_FindsTheEntry(string name)
    {
        Assert.True(SignatureSchemes.TryGet(name, out var scheme));
        Assert.Equal(name, scheme.ToString(), ignoreCase: true);
    }

    [Fact]
    public void TryGet_UnknownName_SaysNo() => Assert.False(SignatureSchemes.TryGet("sha256", out _));

    [Fact]
    public async Task Hub_ExampleOfGitHubsDocumentation_GivesItsSignature()
    {
        // github/docs, content/webhooks/using-webhooks/validating-webhook-deliveries.md
        var headers = await SignAsync(SignatureSchemes.Hub, ["It's a Secret to Everybody"]);

        Assert.Equal(
            [
                new("webhook-id", "msg_1"),
                new("X-Hub-Signature-256", "sha256=757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17"),
            ],
            headers);
    }

    [Fact]
    public async Task Stripe_TwoSecrets_SignsTimestampAndPayloadWithEach()
    {
        var headers = await SignAsync(SignatureSchemes.Stripe, [Secret, "another_secret_of_some_length"]);

        string Expected(string secret) => Convert.ToHexStringLower(
            HMACSHA256.HashData(Encoding.UTF8.GetBytes(secret), Encoding.UTF8.GetBytes("1750000000.Hello, World!")));
        Assert.Equal(
            [
                new("webhook-id", "msg_1"),
                new("Stripe-Signature", $"t=1750000000,v1={Expected(Secret)},v1={Expected("another_secret_of_some_length")}"),
            ],
            headers);
    }

    [Fact]
    public async Task EveryScheme_OtherHeaderPrefix_NamesTheSignatureByIt()
    {
        var standard = WebhookSecret.Generate().Reveal();

        Assert.Equal("acme-signature", (await SignAsync(SignatureSchemes.StandardWebhooks, [standard], "acme"))[2].Key);
        Assert.Equal("Acme-Signature", (await SignAsync(SignatureSchemes.Stripe, [Secret], "Acme"))[1].Key);
        Assert.Equal("X-Acme-Signature-256", (await SignAsync(SignatureSchemes.Hub, [Secret], "X-Acme"))[1].Key);
        Assert.Equal("svix-signature", (await SignAsync(SignatureSchemes.Svix, [standard]))[2].Key);
    }

    [Theory]
    [InlineData("standard-webhooks", "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", null)]
    [InlineData("standard-webhooks", "whsk_6Xb/dCcHpPea21PS1N9VY/NZW723CEc77N4rJCubMbfVKIDij2HKpMKkioLlX0dRqSKJp4AJ6p9lMicMFs6Kvg==", null)]
    [InlineData("standard-webhooks", "whsk_6Xb/dCcHpPea21PS1N9VY/NZW723CEc77N4rJCubMbc=", null)]
    [InlineData("standard-webhooks", "whpk_1SiA4o9hyqTCpIqC5V9HUakiiaeACeqfZTInDBbOir4=", "whsk_")]
    [InlineData("standard-webhooks", "whsk_c2hvcnQ=", "64 bytes")]
    [InlineData("standard-webhooks", "", "empty")]
    [InlineData("stripe", "whsec_test_secret_of_some_length", null)]
    [InlineData("stripe", "too_short", "16 to 199")]
    [InlineData("stripe", "", "empty")]
    [InlineData("stripe", null, "empty")]
    [InlineData("hub", " a secret with space before it", "white space")]
    [InlineData("hub", "a secret with a line end behind it\n", "white space")]
    [InlineData("hub", "ein Geheimnis für zwei", "beyond ASCII")]
    public void ValidateSecret_SaysWhatIsWrong(string scheme, string? secret, string? error)
    {
        Assert.True(SignatureSchemes.TryGet(scheme, out var entry));

        var actual = entry.ValidateSecret(secret);

        Assert.Equal(error is null, actual is null);
        Assert.Contains(error ?? "", actual ?? "", StringComparison.Ordinal);
    }

    [Fact]
    public void ValidateSecret_TextOf200Characters_IsTooLong()
    {
        Assert.Null(SignatureSchemes.Hub.ValidateSecret(new string('x', 199)));
        Assert.NotNull(SignatureSchemes.Hub.ValidateSecret(new string('x', 200)));
    }

    [Theory]
    [InlineData("stripe")]
    [InlineData("hub")]
    public async Task Sign_IdThatCannotBeAHeader_Throws(string name)
    {
        Assert.True(SignatureSchemes.TryGet(name, out var scheme));

        await Assert.ThrowsAsync<ArgumentException>(() => SignAsync(scheme, [Secret], request: Request with { Id = "a\r\nb" }));
    }

    private static async Task<SignatureHeaders> SignAsync(
        SignatureScheme scheme, string[] secrets, string? prefix = null, SigningRequest? request = null)
    {
        var signer = scheme.CreateSigner(new SignerContext
        {
            Secrets = secrets,
            HeaderPrefix = prefix ?? scheme.HeaderPrefix,
            Services = new NoServices(),
        });
        using var lifetime = (IDisposable)signer;
        return await signer.SignAsync(request ?? Request, CancellationToken.None);
    }

    private sealed class NoServices : IServiceProvider
    {
        public object? GetService(Type serviceType) => null;
    }
}
