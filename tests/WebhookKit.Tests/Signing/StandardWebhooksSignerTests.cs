using System.Globalization;
using System.Text;
using WebhookKit.Signing;

namespace WebhookKit.Tests.Signing;

public class StandardWebhooksSignerTests
{
    private static readonly WebhookSecret Secret = WebhookSecret.Parse("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw");
    private static readonly DateTimeOffset SignedAt = DateTimeOffset.FromUnixTimeSeconds(1614265330);

    private static readonly SigningRequest Request =
        new("msg_p5jXN8AQM9LWM0D4loKWxJek", SignedAt, Encoding.UTF8.GetBytes("""{"test": 2432232314}"""));

    [Fact]
    public async Task Sign_OfficialVector_GivesTheOfficialSignature()
    {
        using var signer = new StandardWebhooksSigner([Secret]);

        var headers = await signer.SignAsync(Request, CancellationToken.None);

        Assert.Equal(
            [
                new("webhook-id", "msg_p5jXN8AQM9LWM0D4loKWxJek"),
                new("webhook-timestamp", "1614265330"),
                new("webhook-signature", "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="),
            ],
            headers);
    }

    [Fact]
    public async Task Sign_FractionOfASecond_SignsTheWholeSecond()
    {
        using var signer = new StandardWebhooksSigner([Secret]);

        var headers = await signer.SignAsync(Request with { Timestamp = SignedAt.AddMilliseconds(999) }, CancellationToken.None);

        Assert.Equal("1614265330", headers[1].Value);
    }

    [Fact]
    public async Task Sign_SeveralSecrets_SignsWithEachInOrder()
    {
        WebhookSecret[] secrets = [WebhookSecret.Generate(), Secret, WebhookSecret.Generate(64)];
        using var signer = new StandardWebhooksSigner(secrets);

        var entries = (await signer.SignAsync(Request, CancellationToken.None))[2].Value.Split(' ');

        Assert.Equal(3, entries.Length);
        for (var i = 0; i < secrets.Length; i++)
        {
            using var alone = new StandardWebhooksSigner([secrets[i]]);
            Assert.Equal((await alone.SignAsync(Request, CancellationToken.None))[2].Value, entries[i]);
        }
    }

    [Fact]
    public async Task Sign_OfficialAsymmetricVector_GivesTheOfficialSignature()
    {
        // svix/svix-webhooks, server/svix-server/src/worker.rs, test_asymmetric_key_signing; also in the specification.
        var key = WebhookSigningKey.Parse(
            "whsk_6Xb/dCcHpPea21PS1N9VY/NZW723CEc77N4rJCubMbfVKIDij2HKpMKkioLlX0dRqSKJp4AJ6p9lMicMFs6Kvg==");
        using var signer = new StandardWebhooksSigner([], [key]);

        var headers = await signer.SignAsync(Request, CancellationToken.None);

        Assert.Equal("whpk_1SiA4o9hyqTCpIqC5V9HUakiiaeACeqfZTInDBbOir4=", key.VerificationKey.ToString());
        Assert.Equal(
            "v1a,hnO3f9T8Ytu9HwrXslvumlUpqtNVqkhqw/enGzPCXe5BdqzCInXqYXFymVJaA7AZdpXwVLPo3mNl8EM+m7TBAg==", headers[2].Value);
    }

    [Fact]
    public async Task Sign_SecretsAndSigningKeys_SignsWithAllOfThem()
    {
        WebhookSigningKey[] keys = [WebhookSigningKey.Generate(), WebhookSigningKey.Generate()];
        using var signer = new StandardWebhooksSigner([Secret], keys);

        var entries = (await signer.SignAsync(Request, CancellationToken.None))[2].Value.Split(' ');

        Assert.Equal(["v1", "v1a", "v1a"], entries.Select(entry => entry.Split(',')[0]));
        using var alone = new StandardWebhooksSigner([], [keys[1]]);
        Assert.Equal((await alone.SignAsync(Request, CancellationToken.None))[2].Value, entries[2]);
    }

    [Fact]
    public async Task Sign_OtherHeaderPrefix_NamesTheHeadersByIt()
    {
        using var signer = new StandardWebhooksSigner([Secret], [], "svix");

        var headers = await signer.SignAsync(Request, CancellationToken.None);

        Assert.Equal(["svix-id", "svix-timestamp", "svix-signature"], headers.Select(header => header.Key));
    }

    [Theory]
    [InlineData("")]
    [InlineData("-acme")]
    [InlineData("acme-")]
    [InlineData("acme\r\nX")]
    [InlineData("acmé")]
    [InlineData("a b")]
    public void Create_PrefixThatCannotBeginAHeaderName_Throws(string prefix) =>
        Assert.Throws<ArgumentException>(() => new StandardWebhooksSigner([Secret], [], prefix));

    [Theory]
    [InlineData(0, 0)]
    [InlineData(5, 6)]
    [InlineData(0, 11)]
    public void Create_NoKeyOrMoreThanTen_Throws(int secrets, int keys) => Assert.Throws<ArgumentException>(() => new StandardWebhooksSigner(
        [.. Enumerable.Repeat(Secret, secrets)], [.. Enumerable.Repeat(WebhookSigningKey.Generate(), keys)]));

    [Fact]
    public async Task Sign_UnderACultureWithOtherDigitsAndSigns_WritesAsciiDigits()
    {
        var culture = (CultureInfo)CultureInfo.InvariantCulture.Clone();
        culture.NumberFormat.NegativeSign = "~";
        culture.NumberFormat.NativeDigits = ["٠", "١", "٢", "٣", "٤", "٥", "٦", "٧", "٨", "٩"];
        culture.NumberFormat.DigitSubstitution = DigitShapes.NativeNational;
        var before = CultureInfo.CurrentCulture;
        CultureInfo.CurrentCulture = culture;
        try
        {
            using var signer = new StandardWebhooksSigner([Secret]);
            Assert.Equal("1614265330", (await signer.SignAsync(Request, CancellationToken.None))[1].Value);
        }
        finally
        {
            CultureInfo.CurrentCulture = before;
        }
    }

    [Theory]
    [InlineData("")]
    [InlineData("msg.1")]
    [InlineData("msg 1")]
    [InlineData("msg\r\n1")]
    [InlineData("msgé")]
    [InlineData(null)]
    public async Task Sign_IdThatCannotBeSigned_Throws(string? id)
    {
        using var signer = new StandardWebhooksSigner([Secret]);

        await Assert.ThrowsAsync<ArgumentException>(
            async () => await signer.SignAsync(Request with { Id = id! }, CancellationToken.None));
    }

    [Fact]
    public async Task Sign_TimestampBefore1970_Throws()
    {
        using var signer = new StandardWebhooksSigner([Secret]);

        await Assert.ThrowsAsync<ArgumentException>(
            async () => await signer.SignAsync(Request with { Timestamp = DateTimeOffset.UnixEpoch.AddTicks(-1) }, CancellationToken.None));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(11)]
    public void Create_NoSecretOrMoreThanTen_Throws(int count) =>
        Assert.Throws<ArgumentException>(() => new StandardWebhooksSigner([.. Enumerable.Repeat(Secret, count)]));

    [Fact]
    public void SignatureHeaders_Default_IsEmpty() => Assert.Empty(default(SignatureHeaders));
}
