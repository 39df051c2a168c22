using FsCheck;
using FsCheck.Fluent;
using WebhookKit.Retry;

namespace WebhookKit.Tests.Retry;

public sealed class RetryScheduleTests
{
    private const double NoDeviation = 0.5;

    [Fact]
    public void Default_IsTenAttemptsOverThreeDays()
    {
        TimeSpan?[] expected =
        [
            TimeSpan.Zero, TimeSpan.FromSeconds(5), TimeSpan.FromMinutes(5), TimeSpan.FromMinutes(30), TimeSpan.FromHours(2),
            TimeSpan.FromHours(5), TimeSpan.FromHours(10), TimeSpan.FromHours(14), TimeSpan.FromHours(20),
            TimeSpan.FromHours(24), null,
        ];

        Assert.Equal(10, RetrySchedule.Default.MaxAttempts);
        Assert.Equal(0.2, RetrySchedule.Default.Jitter);
        Assert.Equal(expected, Enumerable.Range(0, 11).Select(made => RetrySchedule.Default.GetDelay(made, NoDeviation)));
    }

    [Theory]
    [InlineData(0.0, 80)]
    [InlineData(0.25, 90)]
    [InlineData(0.5, 100)]
    [InlineData(0.75, 110)]
    public void GetDelay_Random_MapsToTheJitterEitherWay(double random, int seconds)
    {
        var schedule = new RetrySchedule([TimeSpan.FromSeconds(100)]);

        Assert.Equal(TimeSpan.FromSeconds(seconds), schedule.GetDelay(1, random));
    }

    [Fact]
    public void GetDelay_AnySchedule_StaysWithinTheJitterAndEndsAtMaxAttempts()
    {
        var inputs = from delays in Gen.Choose(0, 1_000_000).ListOf()
                     from jitter in Gen.Choose(0, 100)
                     from random in Gen.Choose(0, 999_999)
                     select (delays, jitter: jitter / 100.0, random: random / 1_000_000.0);

        Prop.ForAll(inputs.ToArbitrary(), input =>
        {
            var schedule = new RetrySchedule(input.delays.Select(s => TimeSpan.FromSeconds(s)), input.jitter);
            Assert.Equal(input.delays.Count + 1, schedule.MaxAttempts);
            Assert.Equal(TimeSpan.Zero, schedule.GetDelay(0, input.random));
            for (var made = 1; made < schedule.MaxAttempts; made++)
            {
                var delay = schedule.GetDelay(made, input.random)!.Value;
                var deviation = Math.Abs((delay - schedule.Delays[made - 1]).TotalSeconds);
                Assert.True(delay >= TimeSpan.Zero);
                Assert.True(deviation <= (schedule.Delays[made - 1].TotalSeconds * input.jitter) + 0.001);
            }

            Assert.Null(schedule.GetDelay(schedule.MaxAttempts, input.random));
            Assert.Null(schedule.GetDelay(int.MaxValue, input.random));
        }).QuickCheckThrowOnFailure();
    }

    [Fact]
    public void GetDelay_NoDelays_IsASingleAttempt()
    {
        var schedule = new RetrySchedule([]);

        Assert.Equal(1, schedule.MaxAttempts);
        Assert.Null(schedule.GetDelay(1, NoDeviation));
    }

    [Fact]
    public void RetrySchedule_ListChangedAfterwards_KeepsItsDelays()
    {
        List<TimeSpan> delays = [TimeSpan.FromSeconds(1)];
        var schedule = new RetrySchedule(delays);

        delays.Clear();

        Assert.Equal(2, schedule.MaxAttempts);
    }

    [Fact]
    public void RetrySchedule_DelayOutOfRange_ThrowsNamingTheDelay()
    {
        var negative = Assert.Throws<ArgumentException>(() => new RetrySchedule([TimeSpan.Zero, TimeSpan.FromSeconds(-1)]));
        Assert.Contains("Retry delay 2", negative.Message, StringComparison.Ordinal);

        Assert.Throws<ArgumentException>(() => new RetrySchedule([TimeSpan.FromDays(366)]));
    }

    [Theory]
    [InlineData(-0.1)]
    [InlineData(1.1)]
    [InlineData(double.NaN)]
    public void RetrySchedule_JitterOutOfRange_Throws(double jitter) =>
        Assert.Throws<ArgumentException>(() => new RetrySchedule([], jitter));

    [Theory]
    [InlineData(-1, 0.5)]
    [InlineData(1, -0.1)]
    [InlineData(1, 1.0)]
    [InlineData(1, double.NaN)]
    public void GetDelay_ArgumentOutOfRange_Throws(int attemptsMade, double random) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => RetrySchedule.Default.GetDelay(attemptsMade, random));
}
