using System.Text.Json;

namespace WebhookKit.Tests.Secrets;

public class WebhookSecretTests
{
    private const string Text = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";

    [Theory]
    [InlineData(Text)]
    [InlineData("MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw")]
    public void Parse_WithOrWithoutPrefix_RevealsTheWholeText(string text) =>
        Assert.Equal(Text, WebhookSecret.Parse(text).Reveal());

    [Theory]
    [InlineData(null, "empty")]
    [InlineData("", "empty")]
    [InlineData("whsec_", "empty")]
    [InlineData("whsec_%%%not-base64%%%", "base64")]
    [InlineData(" whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", "base64")]
    [InlineData("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw\n", "base64")]
    [InlineData("WHSEC_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", "base64")]
    [InlineData("whsec_whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", "base64")]
    [InlineData("whsk_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", "base64")]
    [InlineData("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaT=", "base64")]
    [InlineData("whsec_c2hvcnQ=", "5 bytes")]
    public void TryParse_TextThatIsNotASecret_SaysWhyWithoutQuotingIt(string? text, string why)
    {
        Assert.False(WebhookSecret.TryParse(text, out var secret, out var error));
        Assert.Null(secret);
        Assert.Contains(why, error, StringComparison.Ordinal);
        Assert.DoesNotContain("LaLa", error, StringComparison.Ordinal);
        Assert.False(WebhookSecret.TryParse(text, out _));
    }

    [Theory]
    [InlineData(23, false)]
    [InlineData(24, true)]
    [InlineData(64, true)]
    [InlineData(65, false)]
    [InlineData(96, false)]
    [InlineData(97, false)]
    [InlineData(10_000, false)]
    public void TryParse_ByLength_AcceptsTwentyFourToSixtyFourBytes(int bytes, bool accepted) =>
        Assert.Equal(accepted, WebhookSecret.TryParse(Convert.ToBase64String(new byte[bytes]), out _));

    [Fact]
    public void Parse_TextThatIsNotASecret_ThrowsWithTheCause() =>
        Assert.Contains("5 bytes", Assert.Throws<FormatException>(() => WebhookSecret.Parse("whsec_c2hvcnQ=")).Message, StringComparison.Ordinal);

    [Theory]
    [InlineData(24)]
    [InlineData(32)]
    [InlineData(64)]
    public void Generate_Any_ParsesBackAndIsNewEachTime(int bytes)
    {
        var text = WebhookSecret.Generate(bytes).Reveal();

        Assert.Equal(text, WebhookSecret.Parse(text).Reveal());
        Assert.Equal(bytes, Convert.FromBase64String(text["whsec_".Length..]).Length);
        Assert.NotEqual(text, WebhookSecret.Generate(bytes).Reveal());
    }

    [Theory]
    [InlineData(23)]
    [InlineData(65)]
    public void Generate_OutOfRange_Throws(int bytes) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => WebhookSecret.Generate(bytes));

    [Fact]
    public void ToString_OfASecret_TellsNothing()
    {
        var secret = WebhookSecret.Parse(Text);

        Assert.Equal("whsec_***", secret.ToString());
        Assert.Equal("whsec_***", $"{secret}");
        Assert.DoesNotContain("MfKQ", JsonSerializer.Serialize(secret, Reflection), StringComparison.Ordinal);
    }

    [Fact]
    public void Equals_SameBytes_AreTwoSecrets() =>
        Assert.NotEqual(WebhookSecret.Parse(Text), WebhookSecret.Parse(Text));

    private static readonly JsonSerializerOptions Reflection =
        new() { TypeInfoResolver = new System.Text.Json.Serialization.Metadata.DefaultJsonTypeInfoResolver() };
}
