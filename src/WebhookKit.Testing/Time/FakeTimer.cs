namespace WebhookKit.Testing;

/// <summary>A timer of <see cref="FakeTimeProvider"/>, which guards its state with its own lock.</summary>
internal sealed class FakeTimer(FakeTimeProvider clock, long number, Action callback) : ITimer
{
    public static Comparer<FakeTimer> ByDueTime { get; } =
        Comparer<FakeTimer>.Create((x, y) => (x.DueAt, x.Number).CompareTo((y.DueAt, y.Number)));

    public TimeSpan DueAt { get; set; }

    public TimeSpan Period { get; set; }

    public bool IsDisposed { get; set; }

    private long Number { get; } = number;

    public void Fire() => callback();

    public bool Change(TimeSpan dueTime, TimeSpan period)
    {
        ThrowIfNegative(dueTime, nameof(dueTime));
        ThrowIfNegative(period, nameof(period));
        return clock.Schedule(this, dueTime, period);
    }

    public void Dispose() => clock.Remove(this);

    public ValueTask DisposeAsync()
    {
        Dispose();
        return ValueTask.CompletedTask;
    }

    private static void ThrowIfNegative(TimeSpan value, string name)
    {
        if (value != Timeout.InfiniteTimeSpan)
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(value, TimeSpan.Zero, name);
        }
    }
}
