using System.Text;
using WebhookKit.PostgreSql.WakeUp;

namespace WebhookKit.PostgreSql.Tests.WakeUp;

public sealed class WakeUpChannelTests
{
    [Theory]
    [InlineData("", "webhookkit_")]
    [InlineData("public", "webhookkit_public")]
    [InlineData("Shop \"1\"", "webhookkit_Shop \"1\"")]
    public void OfSchema_ShortName_IsReadable(string schema, string expected) => Assert.Equal(expected, WakeUpChannel.OfSchema(schema));

    [Theory]
    [InlineData('a', 52, true)]
    [InlineData('a', 53, false)]
    [InlineData('a', 63, false)]
    [InlineData('ü', 26, true)]
    [InlineData('ü', 27, false)]
    public void OfSchema_AnyLength_FitsAndTellsSchemasApart(char letter, int length, bool isReadable)
    {
        var schema = new string(letter, length);

        var channel = WakeUpChannel.OfSchema(schema);

        Assert.True(WakeUpChannel.IsValid(channel));
        Assert.Equal(isReadable, channel.EndsWith(schema, StringComparison.Ordinal));
        Assert.NotEqual(channel, WakeUpChannel.OfSchema(schema[..^1] + "b"));
        Assert.Equal(channel, WakeUpChannel.OfSchema(schema));
    }

    [Theory]
    [InlineData("a", true)]
    [InlineData("", false)]
    [InlineData("a\0b", false)]
    public void IsValid_Text_AsPostgreSqlTakesIt(string name, bool isValid) => Assert.Equal(isValid, WakeUpChannel.IsValid(name));

    [Theory]
    [InlineData(63, true)]
    [InlineData(64, false)]
    public void IsValid_Length_InBytes(int bytes, bool isValid)
    {
        Assert.Equal(isValid, WakeUpChannel.IsValid(new string('a', bytes)));
        var name = (bytes % 2 == 1 ? "a" : "") + new string('ü', bytes / 2);
        Assert.Equal((bytes, isValid), (Encoding.UTF8.GetByteCount(name), WakeUpChannel.IsValid(name)));
    }

    [Fact]
    public void Quote_Quotes_AreDoubled() => Assert.Equal("\"a\"\"b\"", WakeUpChannel.Quote("a\"b"));
}
