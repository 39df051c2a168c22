namespace WebhookKit.Dispatch;

/// <summary>What the dispatcher of this process is at, for whoever asks from outside. Thread-safe.</summary>
internal sealed class DispatchStatus(TimeProvider timeProvider)
{
    private readonly Lock _gate = new();
    private long? _roundAt;
    private StoreOutage? _outage;
    private TimeSpan? _oldestDue;

    /// <summary>Whether the loop runs.</summary>
    public bool IsRunning { get; private set; }

    /// <summary>Since when the store fails, and where.</summary>
    public StoreOutage? Outage
    {
        get
        {
            lock (_gate)
            {
                return _outage;
            }
        }
    }

    /// <summary>How long ago the loop was last done with a round, or began; <see langword="null"/> before.</summary>
    public TimeSpan? SinceLastRound
    {
        get
        {
            lock (_gate)
            {
                return _roundAt is { } at ? timeProvider.GetElapsedTime(at) : null;
            }
        }
    }

    /// <summary>How long the oldest delivery had been due when the store was last looked through.</summary>
    public TimeSpan? OldestDue
    {
        get
        {
            lock (_gate)
            {
                return _oldestDue;
            }
        }
    }

    public void Began()
    {
        IsRunning = true;
        RoundEnded();
    }

    public void Stopped() => IsRunning = false;

    public void RoundEnded()
    {
        lock (_gate)
        {
            _roundAt = timeProvider.GetTimestamp();
        }
    }

    public void Swept(TimeSpan oldestDue)
    {
        lock (_gate)
        {
            _oldestDue = oldestDue;
        }
    }

    public void OutageBegan(string step)
    {
        lock (_gate)
        {
            _outage = new StoreOutage(step, timeProvider.GetUtcNow());
        }
    }

    public void OutageEnded()
    {
        lock (_gate)
        {
            _outage = null;
        }
    }
}

/// <summary>A time in which the store fails.</summary>
/// <param name="Step">The dispatcher's step that failed first.</param>
/// <param name="Since">When it did, by this process's clock.</param>
internal sealed record StoreOutage(string Step, DateTimeOffset Since);
