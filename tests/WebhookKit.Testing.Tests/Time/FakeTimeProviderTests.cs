using WebhookKit.Testing;

namespace WebhookKit.Testing.Tests.Time;

public sealed class FakeTimeProviderTests
{
    private static readonly DateTimeOffset Start = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);
    private readonly FakeTimeProvider _clock = new(Start);

    [Fact]
    public void Advance_ByOneMinute_MovesWallClockAndTimestampAlike()
    {
        var before = _clock.GetTimestamp();

        _clock.Advance(TimeSpan.FromMinutes(1));

        Assert.Equal(Start.AddMinutes(1), _clock.GetUtcNow());
        Assert.Equal(TimeSpan.FromMinutes(1), _clock.GetElapsedTime(before));
    }

    [Fact]
    public void GetUtcNow_StartWithOffset_IsTheSameInstantInUtc()
    {
        var clock = new FakeTimeProvider(new DateTimeOffset(2026, 3, 1, 14, 0, 0, TimeSpan.FromHours(2)));

        Assert.Equal(Start, clock.GetUtcNow());
        Assert.Equal(TimeSpan.Zero, clock.GetUtcNow().Offset);
    }

    [Fact]
    public void Advance_Backwards_Throws()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => _clock.Advance(TimeSpan.FromTicks(-1)));
        Assert.Throws<ArgumentOutOfRangeException>(() => _clock.SetUtcNow(Start.AddTicks(-1)));
    }

    [Fact]
    public void SetUtcNow_PastADueTime_FiresTheTimer()
    {
        var fired = 0;
        using var timer = _clock.CreateTimer(_ => fired++, null, TimeSpan.FromHours(1), Timeout.InfiniteTimeSpan);

        _clock.SetUtcNow(Start.AddHours(2));

        Assert.Equal(1, fired);
        Assert.Equal(Start.AddHours(2), _clock.GetUtcNow());
    }

    [Fact]
    public void Advance_OverSeveralTimers_FiresInDueOrderAtTheirOwnInstants()
    {
        var fired = new List<(string Name, DateTimeOffset At)>();
        using var late = Record("late", TimeSpan.FromSeconds(3));
        using var early = Record("early", TimeSpan.FromSeconds(1));
        using var alsoLate = Record("also late", TimeSpan.FromSeconds(3));

        _clock.Advance(TimeSpan.FromSeconds(10));

        Assert.Equal([("early", Start.AddSeconds(1)), ("late", Start.AddSeconds(3)), ("also late", Start.AddSeconds(3))], fired);
        Assert.Equal(Start.AddSeconds(10), _clock.GetUtcNow());

        ITimer Record(string name, TimeSpan dueTime) =>
            _clock.CreateTimer(_ => fired.Add((name, _clock.GetUtcNow())), null, dueTime, Timeout.InfiniteTimeSpan);
    }

    [Fact]
    public void Advance_JustBeforeTheDueTime_FiresNothing()
    {
        var fired = 0;
        using var timer = _clock.CreateTimer(_ => fired++, null, TimeSpan.FromSeconds(1), Timeout.InfiniteTimeSpan);

        _clock.Advance(TimeSpan.FromSeconds(1) - TimeSpan.FromTicks(1));
        Assert.Equal(0, fired);

        _clock.Advance(TimeSpan.FromTicks(1));
        Assert.Equal(1, fired);
    }

    [Fact]
    public void CreateTimer_Periodic_FiresOncePerPeriodUntilDisposed()
    {
        var fired = 0;
        var timer = _clock.CreateTimer(_ => fired++, null, TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(2));

        _clock.Advance(TimeSpan.FromSeconds(6));
        Assert.Equal(3, fired);

        timer.Dispose();
        _clock.Advance(TimeSpan.FromSeconds(6));
        Assert.Equal(3, fired);
        Assert.False(timer.Change(TimeSpan.Zero, Timeout.InfiniteTimeSpan));
    }

    [Fact]
    public void CreateTimer_DueNow_FiresWithoutAdvance()
    {
        object? seen = null;
        using var timer = _clock.CreateTimer(state => seen = state, "state", TimeSpan.Zero, Timeout.InfiniteTimeSpan);

        Assert.Equal("state", seen);
    }

    [Fact]
    public void Change_ToALaterTime_ReplacesTheDueTime()
    {
        var fired = 0;
        using var timer = _clock.CreateTimer(_ => fired++, null, TimeSpan.FromSeconds(1), Timeout.InfiniteTimeSpan);

        Assert.True(timer.Change(TimeSpan.FromSeconds(5), Timeout.InfiniteTimeSpan));
        _clock.Advance(TimeSpan.FromSeconds(4));
        Assert.Equal(0, fired);

        _clock.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(1, fired);
    }

    [Fact]
    public void Change_ToInfinite_StopsTheTimer()
    {
        var fired = 0;
        using var timer = _clock.CreateTimer(_ => fired++, null, TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(1));

        timer.Change(Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        _clock.Advance(TimeSpan.FromDays(1));

        Assert.Equal(0, fired);
    }

    [Fact]
    public void CreateTimer_NegativeTimes_Throws()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => _clock.CreateTimer(_ => { }, null, TimeSpan.FromSeconds(-1), TimeSpan.Zero));
        Assert.Throws<ArgumentOutOfRangeException>(() => _clock.CreateTimer(_ => { }, null, TimeSpan.Zero, TimeSpan.FromSeconds(-1)));
    }

    [Fact]
    public void Advance_CallbackWaitsForAnotherThreadReadingTheClock_DoesNotDeadlock()
    {
        DateTimeOffset? seen = null;
        using var timer = _clock.CreateTimer(
            _ =>
            {
                var reader = new Thread(() => seen = _clock.GetUtcNow());
                reader.Start();
                Assert.True(reader.Join(TimeSpan.FromMinutes(2)));
            },
            null,
            TimeSpan.FromSeconds(1),
            Timeout.InfiniteTimeSpan);

        _clock.Advance(TimeSpan.FromSeconds(2));

        Assert.Equal(Start.AddSeconds(1), seen);
    }

    [Fact]
    public void Advance_CallbackStartsATimerDueOnTheWay_FiresItToo()
    {
        DateTimeOffset? second = null;
        using var timer = _clock.CreateTimer(
            _ => _clock.CreateTimer(_ => second = _clock.GetUtcNow(), null, TimeSpan.FromSeconds(1), Timeout.InfiniteTimeSpan),
            null,
            TimeSpan.FromSeconds(1),
            Timeout.InfiniteTimeSpan);

        _clock.Advance(TimeSpan.FromSeconds(5));

        Assert.Equal(Start.AddSeconds(2), second);
    }

    [Fact]
    public async Task Delay_CompletesWhenTheClockReachesIt()
    {
        var delay = Task.Delay(TimeSpan.FromSeconds(5), _clock);

        _clock.Advance(TimeSpan.FromSeconds(4));
        Assert.False(delay.IsCompleted);

        _clock.Advance(TimeSpan.FromSeconds(1));
        await delay.WaitAsync(TimeSpan.FromMinutes(2));
    }

    [Fact]
    public void CancellationTokenSource_WithDelay_CancelsWhenTheClockReachesIt()
    {
        using var source = new CancellationTokenSource(TimeSpan.FromSeconds(5), _clock);

        _clock.Advance(TimeSpan.FromSeconds(4));
        Assert.False(source.IsCancellationRequested);

        _clock.Advance(TimeSpan.FromSeconds(1));
        Assert.True(source.IsCancellationRequested);
    }

    [Fact]
    public async Task PeriodicTimer_TicksWithTheClock()
    {
        using var timer = new PeriodicTimer(TimeSpan.FromSeconds(1), _clock);
        var tick = timer.WaitForNextTickAsync().AsTask();

        Assert.False(tick.IsCompleted);
        _clock.Advance(TimeSpan.FromSeconds(1));

        Assert.True(await tick.WaitAsync(TimeSpan.FromMinutes(2)));
    }
}
