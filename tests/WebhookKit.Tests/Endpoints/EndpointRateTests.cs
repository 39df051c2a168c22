namespace WebhookKit.Tests.Endpoints;

public sealed class EndpointRateTests
{
    [Theory]
    [InlineData("50/s", 50, 1)]
    [InlineData("100/m", 100, 60)]
    [InlineData("1000/h", 1000, 3600)]
    [InlineData("10/00:00:30", 10, 30)]
    [InlineData("1/1.00:00:00", 1, 86_400)]
    public void Text_GoesBothWays(string text, int requests, int seconds)
    {
        var rate = EndpointRate.Parse(text);

        Assert.Equal(new EndpointRate(requests, TimeSpan.FromSeconds(seconds)), rate);
        Assert.Equal(text, rate.ToString());
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("50")]
    [InlineData("50/")]
    [InlineData("/s")]
    [InlineData("0/s")]
    [InlineData("-1/s")]
    [InlineData("1.5/s")]
    [InlineData("50/d")]
    [InlineData("50/30")]
    [InlineData("50/s/s")]
    [InlineData("1000001/s")]
    [InlineData("1/1.00:00:01")]
    [InlineData("1000/00:00:00.0001")]
    [InlineData("99999999999/s")]
    public void TryParse_NoRate_ReturnsFalse(string? text)
    {
        Assert.False(EndpointRate.TryParse(text, out _));
        Assert.Throws<FormatException>(() => EndpointRate.Parse(text!));
    }

    [Fact]
    public void Interval_PeriodThatDoesNotDivide_IsNeverTooShort()
    {
        Assert.Equal(TimeSpan.FromMilliseconds(20), EndpointRate.PerSecond(50).Interval);
        Assert.Equal(TimeSpan.FromMicroseconds(142_858), EndpointRate.PerSecond(7).Interval);
        Assert.Equal(TimeSpan.FromSeconds(6), EndpointRate.PerMinute(10).Interval);
    }

    [Fact]
    public void Constructor_OutOfBounds_Throws()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => EndpointRate.PerSecond(0));
        Assert.Throws<ArgumentOutOfRangeException>(() => EndpointRate.PerSecond(1_000_001));
        Assert.Throws<ArgumentOutOfRangeException>(() => new EndpointRate(1, TimeSpan.Zero));
        Assert.Throws<ArgumentOutOfRangeException>(() => new EndpointRate(1, TimeSpan.FromDays(2)));
    }
}
