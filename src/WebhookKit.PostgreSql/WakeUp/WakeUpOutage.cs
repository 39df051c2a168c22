using Microsoft.Extensions.Logging;

namespace WebhookKit.PostgreSql.WakeUp;

/// <summary>Says once that nodes cannot wake each other, and once that they can again. Thread-safe.</summary>
internal sealed class WakeUpOutage(TimeProvider timeProvider, ILogger<WakeUpOutage> logger)
{
    private readonly Lock _gate = new();
    private readonly HashSet<object> _failing = [];
    private long _since;

    /// <param name="part">Listening or notifying: the first to fail is told, and the last to work again.</param>
    /// <param name="exception">Why.</param>
    public void Began(object part, Exception exception)
    {
        lock (_gate)
        {
            var isFirst = _failing.Count == 0;
            _failing.Add(part);
            if (isFirst)
            {
                _since = timeProvider.GetTimestamp();
                logger.WakeUpLost(exception);
            }
        }
    }

    public void Ended(object part)
    {
        lock (_gate)
        {
            if (_failing.Remove(part) && _failing.Count == 0)
            {
                logger.WakeUpRestored(timeProvider.GetElapsedTime(_since).TotalSeconds);
            }
        }
    }
}
