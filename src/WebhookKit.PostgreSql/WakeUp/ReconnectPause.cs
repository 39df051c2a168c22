namespace WebhookKit.PostgreSql.WakeUp;

/// <summary>Growing pauses between attempts to connect, of a random length, so that nodes do not come back all at once.</summary>
internal sealed class ReconnectPause(TimeProvider timeProvider, Random random)
{
    private static readonly TimeSpan First = TimeSpan.FromMilliseconds(100);

    private int _failures;

    /// <summary>The next pause: between half and all of the first one, doubled with every failure up to the longest.</summary>
    public TimeSpan Next()
    {
        var doubled = First * Math.Pow(2, Math.Min(_failures++, 16));
        var most = doubled < WakeUpDefaults.MaxReconnectPause ? doubled : WakeUpDefaults.MaxReconnectPause;
        return most * (0.5 + random.NextDouble() / 2);
    }

    public Task WaitAsync(CancellationToken cancellationToken) => Task.Delay(Next(), timeProvider, cancellationToken);

    /// <summary>Begins again with the first pause.</summary>
    public void Reset() => _failures = 0;
}
