using System.Globalization;
using FsCheck;
using FsCheck.Fluent;
using WebhookKit.Retry;

namespace WebhookKit.Tests.Retry;

public sealed class RetryAfterTests
{
    // RFC 9110 section 5.6.7 writes this instant in its three forms.
    private static readonly DateTimeOffset Example = new(1994, 11, 6, 8, 49, 37, TimeSpan.Zero);

    [Theory]
    [InlineData("0", 0)]
    [InlineData("120", 120)]
    [InlineData("0000000000000000000000120", 120)]
    [InlineData("86400", 86_400)]
    [InlineData("86401", 86_400)]
    [InlineData("31536000", 86_400)]
    [InlineData("99999999999999999999999999", 86_400)]
    public void Parse_Seconds_ReturnsThemUpToTheCap(string value, int seconds) =>
        Assert.Equal(TimeSpan.FromSeconds(seconds), RetryAfter.Parse(value, Example));

    [Theory]
    [InlineData("Sun, 06 Nov 1994 08:49:37 GMT")]
    [InlineData("Sunday, 06-Nov-94 08:49:37 GMT")]
    [InlineData("Sun Nov  6 08:49:37 1994")]
    public void Parse_AnyDateForm_ReturnsTheTimeUntilThen(string value)
    {
        Assert.Equal(TimeSpan.FromSeconds(90), RetryAfter.Parse(value, Example.AddSeconds(-90)));
        Assert.Equal(TimeSpan.Zero, RetryAfter.Parse(value, Example.AddSeconds(1)));
        Assert.Equal(RetryDefaults.RetryAfterCap, RetryAfter.Parse(value, Example.AddYears(-1)));
    }

    [Theory]
    [InlineData("Thu, 16 Nov 2028 00:00:00 GMT")]
    [InlineData("Thursday, 16-Nov-28 00:00:00 GMT")]
    [InlineData("Thu Nov 16 00:00:00 2028")]
    public void Parse_TwoDigitDayAndNewCentury_IsTheSameInstant(string value) =>
        Assert.Equal(TimeSpan.FromHours(1), RetryAfter.Parse(value, new DateTimeOffset(2028, 11, 15, 23, 0, 0, TimeSpan.Zero)));

    [Fact]
    public void Parse_TwoDigitYearMoreThanFiftyYearsAhead_IsInThePast() =>
        Assert.Equal(TimeSpan.Zero, RetryAfter.Parse("Sunday, 06-Nov-94 08:49:37 GMT", new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero)));

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData(" ")]
    [InlineData("-1")]
    [InlineData("+5")]
    [InlineData("5 ")]
    [InlineData("1.5")]
    [InlineData("1e3")]
    [InlineData("0x10")]
    [InlineData("١٢")]
    [InlineData("soon")]
    [InlineData("120, 240")]
    [InlineData("1994-11-06T08:49:37Z")]
    [InlineData("Sun, 06 Nov 1994 08:49:37 CET")]
    [InlineData("Sun, 06 Nov 1994 08:49:37")]
    [InlineData("Mon, 06 Nov 1994 08:49:37 GMT")]
    [InlineData("Sun, 31 Feb 1994 08:49:37 GMT")]
    public void Parse_Neither_ReturnsNull(string? value) => Assert.Null(RetryAfter.Parse(value, Example));

    [Fact]
    public void Parse_AtTheEndsOfTime_DoesNotThrow()
    {
        Assert.Equal(TimeSpan.Zero, RetryAfter.Parse("Sunday, 06-Nov-94 08:49:37 GMT", DateTimeOffset.MaxValue));
        Assert.Equal(RetryDefaults.RetryAfterCap, RetryAfter.Parse("Sun, 06 Nov 1994 08:49:37 GMT", DateTimeOffset.MinValue));
    }

    [Fact]
    public void Parse_AnyText_IsNullOrWithinZeroAndTheCap() =>
        Prop.ForAll<string?>(text =>
            RetryAfter.Parse(text, Example) is not { } wait || (wait >= TimeSpan.Zero && wait <= RetryDefaults.RetryAfterCap))
            .QuickCheckThrowOnFailure();

    [Fact]
    public void Parse_AnyInstantWithinADay_ReturnsExactlyTheSecondsUntilThen() =>
        Prop.ForAll(Gen.Choose(0, 86_400).ToArbitrary(), seconds =>
            RetryAfter.Parse(Example.AddSeconds(seconds).ToString("R", CultureInfo.InvariantCulture), Example)
                == TimeSpan.FromSeconds(seconds))
            .QuickCheckThrowOnFailure();

    [Fact]
    public void Combine_JitteredDelayAndAnyWish_NeverUndercutsEither()
    {
        var inputs = from wish in Gen.Choose(0, 200_000)
                     from made in Gen.Choose(0, 9)
                     from random in Gen.Choose(0, 999)
                     select (wish, made, random: random / 1000.0);

        Prop.ForAll(inputs.ToArbitrary(), input =>
        {
            var wish = RetryAfter.Parse(input.wish.ToString(CultureInfo.InvariantCulture), Example);
            var scheduled = RetrySchedule.Default.GetDelay(input.made, input.random)!.Value;
            var combined = RetryAfter.Combine(scheduled, wish);
            return combined >= wish && combined >= scheduled && (combined == wish || combined == scheduled);
        }).QuickCheckThrowOnFailure();
    }

    [Fact]
    public void Combine_NoWish_IsTheSchedule() =>
        Assert.Equal(TimeSpan.FromSeconds(5), RetryAfter.Combine(TimeSpan.FromSeconds(5), null));
}
