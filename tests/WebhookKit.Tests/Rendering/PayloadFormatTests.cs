using WebhookKit.Rendering;

namespace WebhookKit.Tests.Rendering;

public sealed class PayloadFormatTests
{
    [Theory]
    [InlineData("thin")]
    [InlineData("Acme.v2_json-1")]
    public void Constructor_UsableName_KeepsIt(string name) => Assert.Equal(name, new PayloadFormat(name, _ => null!).Name);

    [Theory]
    [InlineData("")]
    [InlineData("two words")]
    [InlineData("ünicode")]
    [InlineData("nul\0")]
    [InlineData("slash/")]
    public void Constructor_AnotherName_SaysWhichCanBeUsed(string name)
    {
        var error = Assert.Throws<ArgumentException>(() => new PayloadFormat(name, _ => null!));

        Assert.Contains("use 1 to 64 ASCII letters", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void IsValidName_Longest_IsTheLimit()
    {
        Assert.True(PayloadFormat.IsValidName(new string('a', PayloadFormat.MaxNameLength)));
        Assert.False(PayloadFormat.IsValidName(new string('a', PayloadFormat.MaxNameLength + 1)));
        Assert.False(PayloadFormat.IsValidName(null));
    }

    [Fact]
    public void RenderedPayload_BytesChangedAfterwards_KeepsItsOwn()
    {
        byte[] bytes = [1, 2, 3];
        var rendered = new RenderedPayload(bytes, "application/octet-stream");

        bytes[0] = 9;

        Assert.Equal([1, 2, 3], rendered.Payload.ToArray());
    }

    [Fact]
    public void RenderedPayload_TooLarge_SaysHowLargeItMayBe()
    {
        Assert.Equal(512 * 1024, new RenderedPayload(new byte[512 * 1024]).Payload.Length);
        var error = Assert.Throws<ArgumentException>(() => new RenderedPayload(new byte[(512 * 1024) + 1]));
        Assert.Contains("at most 524,288", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("json")]
    [InlineData("application/json\r\nx: y")]
    [InlineData("application/jsön")]
    public void RenderedPayload_NoMediaType_IsRefused(string? contentType) =>
        Assert.ThrowsAny<ArgumentException>(() => new RenderedPayload(default, contentType!));
}
