using Microsoft.Extensions.Logging;

namespace WebhookKit.Inbox;

/// <summary>Survives outages of the store with growing pauses, and tells each of them once.</summary>
internal sealed class InboxOutage(string source, TimeProvider timeProvider, ILogger logger)
{
    private readonly Lock _gate = new();
    private TimeSpan _pause;
    private long _since;

    /// <summary>Runs a step against the store again until it succeeds.</summary>
    /// <exception cref="OperationCanceledException">The token asked for it.</exception>
    public async Task<T> RunAsync<T>(Func<CancellationToken, ValueTask<T>> step, CancellationToken cancellationToken)
    {
        while (true)
        {
            TimeSpan pause;
            try
            {
                var result = await step(cancellationToken);
                Succeeded();
                return result;
            }
            catch (Exception exception) when (!cancellationToken.IsCancellationRequested)
            {
                pause = Failed(exception);
            }

            await Task.Delay(pause, timeProvider, cancellationToken);
        }
    }

    private TimeSpan Failed(Exception exception)
    {
        lock (_gate)
        {
            if (_pause == TimeSpan.Zero)
            {
                _since = timeProvider.GetTimestamp();
                Log.InboxOutageBegan(logger, exception, source);
            }

            var next = _pause == TimeSpan.Zero ? InboxDefaults.FirstPause : 2 * _pause;
            return _pause = next < InboxDefaults.LongestPause ? next : InboxDefaults.LongestPause;
        }
    }

    private void Succeeded()
    {
        lock (_gate)
        {
            if (_pause > TimeSpan.Zero)
            {
                _pause = TimeSpan.Zero;
                Log.InboxOutageEnded(logger, source, timeProvider.GetElapsedTime(_since).TotalSeconds);
            }
        }
    }
}
