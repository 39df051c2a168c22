namespace WebhookKit.Dispatch;

/// <summary>The random numbers of dispatch, seeded once. Thread-safe.</summary>
internal sealed class JitterSource(Random random)
{
    private readonly Lock _gate = new();

    /// <summary>A number from 0 up to but not including 1.</summary>
    public double Next()
    {
        lock (_gate)
        {
            return random.NextDouble();
        }
    }
}
