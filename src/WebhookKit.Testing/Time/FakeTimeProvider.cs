namespace WebhookKit.Testing;

/// <summary>A clock that moves only when told to, and fires its timers in the order they are due.</summary>
/// <remarks>
/// Works with <see cref="Task.Delay(TimeSpan, TimeProvider)"/> and
/// <see cref="CancellationTokenSource(TimeSpan, TimeProvider)"/>. Timer callbacks run on the thread that moves the clock.
/// </remarks>
public sealed class FakeTimeProvider : TimeProvider
{
    private readonly Lock _lock = new();
    private readonly SortedSet<FakeTimer> _timers = new(FakeTimer.ByDueTime);
    private readonly DateTimeOffset _start;
    private TimeSpan _elapsed;
    private long _timersMade;

    /// <summary>Makes a clock that stands still.</summary>
    /// <param name="start">The first instant; 2026-01-01T00:00:00Z when omitted.</param>
    public FakeTimeProvider(DateTimeOffset? start = null) =>
        _start = (start ?? new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero)).ToUniversalTime();

    /// <summary>The frequency of <see cref="GetTimestamp"/>: one unit is 100 nanoseconds.</summary>
    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    /// <summary>UTC, whatever the machine says.</summary>
    public override TimeZoneInfo LocalTimeZone => TimeZoneInfo.Utc;

    /// <inheritdoc />
    public override DateTimeOffset GetUtcNow() => _start + Elapsed;

    /// <inheritdoc />
    public override long GetTimestamp() => Elapsed.Ticks;

    /// <summary>Moves the clock forward; timers that fall due on the way fire at their own instant.</summary>
    /// <param name="by">How far; not negative.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="by"/> is negative.</exception>
    public void Advance(TimeSpan by)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(by, TimeSpan.Zero);
        MoveTo(Elapsed + by);
    }

    /// <summary>Moves the clock forward to an instant, as <see cref="Advance"/> does.</summary>
    /// <param name="value">The instant; not before the current one.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="value"/> lies in the past.</exception>
    public void SetUtcNow(DateTimeOffset value)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(value, GetUtcNow());
        MoveTo(value - _start);
    }

    /// <inheritdoc />
    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        ArgumentNullException.ThrowIfNull(callback);
        var timer = new FakeTimer(this, Interlocked.Increment(ref _timersMade), () => callback(state));
        timer.Change(dueTime, period);
        return timer;
    }

    internal bool Schedule(FakeTimer timer, TimeSpan dueTime, TimeSpan period)
    {
        lock (_lock)
        {
            if (timer.IsDisposed)
            {
                return false;
            }

            _timers.Remove(timer);
            timer.Period = period;
            if (dueTime == Timeout.InfiniteTimeSpan)
            {
                return true;
            }

            timer.DueAt = _elapsed + dueTime;
            _timers.Add(timer);
        }

        // A due time of zero fires now, as the system's timers do.
        MoveTo(TimeSpan.Zero);
        return true;
    }

    internal void Remove(FakeTimer timer)
    {
        lock (_lock)
        {
            timer.IsDisposed = true;
            _timers.Remove(timer);
        }
    }

    private TimeSpan Elapsed
    {
        get
        {
            lock (_lock)
            {
                return _elapsed;
            }
        }
    }

    private void MoveTo(TimeSpan target)
    {
        while (TakeDue(target) is { } timer)
        {
            timer.Fire();
        }
    }

    private FakeTimer? TakeDue(TimeSpan target)
    {
        lock (_lock)
        {
            // Another thread, or a callback, may have moved the clock further meanwhile.
            target = target > _elapsed ? target : _elapsed;
            if (_timers.Min is not { } timer || timer.DueAt > target)
            {
                _elapsed = target;
                return null;
            }

            _timers.Remove(timer);
            _elapsed = timer.DueAt > _elapsed ? timer.DueAt : _elapsed;
            if (timer.Period > TimeSpan.Zero)
            {
                timer.DueAt += timer.Period;
                _timers.Add(timer);
            }

            return timer;
        }
    }
}
