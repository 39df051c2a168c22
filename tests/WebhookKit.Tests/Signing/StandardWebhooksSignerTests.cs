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
