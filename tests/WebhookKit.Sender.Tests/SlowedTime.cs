namespace WebhookKit.Sender.Tests;

/// <summary>Measures a hundredth of every duration, so that no stall of the machine makes an endpoint look slow; timers and the time of day are real.</summary>
internal sealed class SlowedTime : TimeProvider
{
    private long _ahead;

    public override long TimestampFrequency => 100 * base.TimestampFrequency;

    public override long GetTimestamp() => base.GetTimestamp() + Interlocked.Read(ref _ahead);

    /// <summary>What has begun by now has taken so much longer.</summary>
    public void Advance(TimeSpan duration) => Interlocked.Add(ref _ahead, (long)(duration.TotalSeconds * TimestampFrequency));
}
