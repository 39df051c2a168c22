using FsCheck;
using FsCheck.Fluent;
using WebhookKit.Secrets;

namespace WebhookKit.Tests.Secrets;

public class StrictBase64Tests
{
    [Theory]
    [InlineData("QR==")]
    [InlineData("QQ=")]
    [InlineData("QQ")]
    [InlineData("QUF=")]
    [InlineData("QUE")]
    [InlineData("QQ== ")]
    [InlineData(" QQ==")]
    [InlineData("Q Q==")]
    [InlineData("QQ\n==")]
    [InlineData("QQ=\t=")]
    [InlineData("QQ==QQ==")]
    [InlineData("====")]
    [InlineData("Q===")]
    [InlineData("QUF-")]
    [InlineData("QUF_")]
    [InlineData("QUÄ=")]
    public void TryDecode_TextThatIsNotCanonical_Refuses(string text) =>
        Assert.False(StrictBase64.TryDecode(text, new byte[16], out _));

    [Fact]
    public void TryDecode_DestinationTooSmall_Refuses() =>
        Assert.False(StrictBase64.TryDecode("QUFBQUFB", new byte[2], out _));

    [Fact]
    public void TryDecode_AnyBytesEncoded_ReturnsThem() =>
        Prop.ForAll(ArbMap.Default.ArbFor<byte[]>(), bytes =>
        {
            var destination = new byte[bytes.Length];
            return StrictBase64.TryDecode(Convert.ToBase64String(bytes), destination, out var written)
                && written == bytes.Length
                && destination.SequenceEqual(bytes);
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void TryDecode_AnyAcceptedText_IsTheOneThatEncodingGives()
    {
        var text = Gen.Elements("AQRgwx09+/= \n".ToCharArray()).ArrayOf(8).Select(characters => new string(characters));
        Prop.ForAll(text.ToArbitrary(), candidate =>
        {
            var destination = new byte[8];
            return !StrictBase64.TryDecode(candidate, destination, out var written)
                || Convert.ToBase64String(destination, 0, written) == candidate;
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(5000));
    }
}
