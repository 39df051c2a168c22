namespace WebhookKit.Tests.Secrets;

public class SigningKeyTests
{
    private const string Official = "whsk_6Xb/dCcHpPea21PS1N9VY/NZW723CEc77N4rJCubMbfVKIDij2HKpMKkioLlX0dRqSKJp4AJ6p9lMicMFs6Kvg==";

    [Fact]
    public void Parse_WholeKeyOrSeedAlone_GivesTheSameKey()
    {
        var whole = WebhookSigningKey.Parse(Official);
        var seed = WebhookSigningKey.Parse("whsk_6Xb/dCcHpPea21PS1N9VY/NZW723CEc77N4rJCubMbc=");

        Assert.Equal(Official, whole.Reveal());
        Assert.Equal(Official, seed.Reveal());
        Assert.Equal(whole.VerificationKey, seed.VerificationKey);
    }

    [Fact]
    public void Generate_Twice_GivesTwoKeysThatCanBeReadBack()
    {
        var (one, two) = (WebhookSigningKey.Generate(), WebhookSigningKey.Generate());

        Assert.NotEqual(one.VerificationKey, two.VerificationKey);
        Assert.Equal(one.VerificationKey, WebhookSigningKey.Parse(one.Reveal()).VerificationKey);
        Assert.Equal(one.VerificationKey, WebhookVerificationKey.Parse(one.VerificationKey.ToString()));
        Assert.Equal(one.VerificationKey.GetHashCode(), WebhookVerificationKey.Parse(one.VerificationKey.ToString()).GetHashCode());
    }

    [Fact]
    public void ToString_SigningKey_ShowsNothingOfIt()
    {
        Assert.Equal("whsk_***", WebhookSigningKey.Parse(Official).ToString());
        Assert.Equal("whsk_***", $"{WebhookSigningKey.Generate()}");
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("whsk_")]
    [InlineData("6Xb/dCcHpPea21PS1N9VY/NZW723CEc77N4rJCubMbfVKIDij2HKpMKkioLlX0dRqSKJp4AJ6p9lMicMFs6Kvg==")]
    [InlineData("whsec_6Xb/dCcHpPea21PS1N9VY/NZW723CEc77N4rJCubMbfVKIDij2HKpMKkioLlX0dRqSKJp4AJ6p9lMicMFs6Kvg==")]
    [InlineData("whsk_6Xb/dCcHpPea21PS1N9VY/NZW723CEc77N4rJCubMbfVKIDij2HKpMKkioLlX0dRqSKJp4AJ6p9lMicMFs6Kvg")]
    [InlineData("whsk_6Xb/dCcHpPea21PS1N9VY/NZW723CEc77N4rJCubMbfVKIDij2HKpMKkioLlX0dRqSKJp4AJ6p9lMicMFs6Kvg== ")]
    [InlineData("whsk_6Xb/dCcHpPea21PS1N9VY/NZW723CEc77N4rJCubMbfVKIDij2HKpMKkioLlX0dRqSKJp4AJ6p9lMicMFs6Kvh==")]
    [InlineData("whsk_AAAA")]
    public void TryParse_NotASigningKey_SaysNoAndNeverQuotesIt(string? text)
    {
        Assert.False(WebhookSigningKey.TryParse(text, out var key, out var error));
        Assert.Null(key);
        Assert.True(text is null || text.Length < 8 || !error.Contains(text[6..], StringComparison.Ordinal));
        Assert.False(WebhookSigningKey.TryParse(text, out _));
    }

    [Fact]
    public void TryParse_PublicHalfOfAnotherKey_IsRefused()
    {
        // A signature made with a public key that is not the seed's own gives the seed away.
        var bytes = Convert.FromBase64String(Official[5..]);
        bytes[40] ^= 1;

        Assert.False(WebhookSigningKey.TryParse("whsk_" + Convert.ToBase64String(bytes), out _, out var error));
        Assert.Contains("do not belong together", error, StringComparison.Ordinal);
    }

    [Fact]
    public void Parse_NotAKey_ThrowsWithTheCure()
    {
        Assert.Contains("whsk_", Assert.Throws<FormatException>(() => WebhookSigningKey.Parse("x")).Message, StringComparison.Ordinal);
        Assert.Contains("whpk_", Assert.Throws<FormatException>(() => WebhookVerificationKey.Parse("x")).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("whpk_")]
    [InlineData("1SiA4o9hyqTCpIqC5V9HUakiiaeACeqfZTInDBbOir4=")]
    [InlineData("whpk_1SiA4o9hyqTCpIqC5V9HUakiiaeACeqfZTInDBbOir4")]
    [InlineData("whpk_1SiA4o9hyqTCpIqC5V9HUakiiaeACeqfZTInDBbOir5=")]
    [InlineData("whpk_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=")]
    [InlineData("whpk_AQAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=")]
    [InlineData("whpk_////////////////////////////////////////////")]
    [InlineData("whpk_//////////////////////////////////////////8=")]
    public void TryParse_NotASafeVerificationKey_SaysNo(string? text)
    {
        Assert.False(WebhookVerificationKey.TryParse(text, out var key, out var error));
        Assert.Null(key);
        Assert.NotEmpty(error);
    }
}
