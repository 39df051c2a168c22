namespace WebhookKit.Verification;

/// <summary>How often something may be fetched: whoever sends requests must not decide how many calls we make.</summary>
internal sealed class FetchBudget(TimeProvider timeProvider)
{
    private const int PerMinute = 10;

    private readonly Lock _lock = new();
    private long _minute = long.MinValue;
    private int _spent;

    public bool TrySpend()
    {
        lock (_lock)
        {
            var minute = timeProvider.GetUtcNow().ToUnixTimeSeconds() / 60;
            (_minute, _spent) = minute == _minute ? (_minute, _spent) : (minute, 0);
            return _spent++ < PerMinute;
        }
    }
}
