using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;
using Polly;
using Polly.Retry;

namespace WebhookKit.Dispatch;

/// <summary>Runs steps against the store so that the dispatcher survives its outages and tells each of them once.</summary>
internal sealed class StoreGuard
{
    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(5);

    private readonly ConcurrentDictionary<string, Failing> _failing = new();
    private readonly ResiliencePipeline _pipeline;
    private readonly DispatchStatus _status;
    private readonly JitterSource _jitter;
    private readonly TimeProvider _timeProvider;
    private readonly ILogger _logger;
    private readonly Lock _gate = new();
    private long _since;

    public StoreGuard(DispatchStatus status, TimeProvider timeProvider, ILogger logger, JitterSource jitter)
    {
        _status = status;
        _jitter = jitter;
        _timeProvider = timeProvider;
        _logger = logger;
        _pipeline = new ResiliencePipelineBuilder { TimeProvider = timeProvider }
            .AddRetry(new RetryStrategyOptions
            {
                ShouldHandle = arguments => ValueTask.FromResult(
                    arguments.Outcome.Exception is not null && !arguments.Context.CancellationToken.IsCancellationRequested),
                MaxRetryAttempts = 5,
                BackoffType = DelayBackoffType.Exponential,
                Delay = FirstPause,
                MaxDelay = LongestPause,
                UseJitter = true,
                Randomizer = jitter.Next,
                OnRetry = arguments =>
                {
                    Failed(arguments.Context.OperationKey!, arguments.Outcome.Exception!);
                    return ValueTask.CompletedTask;
                },
            })
            .Build();
    }

    /// <summary>Runs a step that nothing else waits for, again after growing pauses while it fails.</summary>
    /// <returns><see langword="false"/> when it still failed in the end.</returns>
    /// <exception cref="OperationCanceledException">The token asked for it.</exception>
    public async ValueTask<bool> TryAsync(string step, Func<CancellationToken, ValueTask> run, CancellationToken cancellationToken)
    {
        var context = ResilienceContextPool.Shared.Get(step, cancellationToken);
        try
        {
            await _pipeline.ExecuteAsync(static (context, run) => run(context.CancellationToken), context, run).ConfigureAwait(false);
            Succeeded(step);
            return true;
        }
        catch (Exception exception)
        {
            cancellationToken.ThrowIfCancellationRequested();
            Failed(step, exception);
            return false;
        }
        finally
        {
            ResilienceContextPool.Shared.Return(context);
        }
    }

    /// <summary>Runs a step of a round once, and leaves it out of rounds for growing pauses while it fails.</summary>
    /// <remarks>So a step that keeps failing costs the others no time.</remarks>
    /// <returns><see langword="false"/> when it failed or was left out.</returns>
    /// <exception cref="OperationCanceledException">The token asked for it.</exception>
    public async ValueTask<bool> TryOnceAsync(string step, Func<CancellationToken, ValueTask> run, CancellationToken cancellationToken)
    {
        if (PauseOf(step) > TimeSpan.Zero)
        {
            return false;
        }

        try
        {
            await run(cancellationToken).ConfigureAwait(false);
            Succeeded(step);
            return true;
        }
        catch (Exception exception)
        {
            cancellationToken.ThrowIfCancellationRequested();
            Failed(step, exception);
            return false;
        }
    }

    /// <summary>How long the step is still left out of rounds.</summary>
    public TimeSpan PauseOf(string step) => _failing.TryGetValue(step, out var failing)
        ? failing.Pause - failing.Jitter - _timeProvider.GetElapsedTime(failing.FailedAt)
        : TimeSpan.Zero;

    private void Failed(string step, Exception exception)
    {
        lock (_gate)
        {
            var first = _failing.IsEmpty;
            var pause = _failing.TryGetValue(step, out var failing) ? 2 * failing.Pause : FirstPause;
            pause = pause < LongestPause ? pause : LongestPause;
            _failing[step] = new Failing(pause, pause * _jitter.Next() / 2, _timeProvider.GetTimestamp());
            if (first)
            {
                _since = _timeProvider.GetTimestamp();
                _status.OutageBegan(step);
                _logger.StoreOutageBegan(exception, step);
            }
        }
    }

    private void Succeeded(string step)
    {
        if (_failing.IsEmpty)
        {
            return;
        }

        lock (_gate)
        {
            if (_failing.TryRemove(step, out _) && _failing.IsEmpty)
            {
                // Told before health shows it: who sees that it is over finds it in the log.
                _logger.StoreOutageEnded(_timeProvider.GetElapsedTime(_since).TotalSeconds);
                _status.OutageEnded();
            }
        }
    }

    private readonly record struct Failing(TimeSpan Pause, TimeSpan Jitter, long FailedAt);
}
