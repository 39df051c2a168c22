using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;
using Polly;
using Polly.Retry;

namespace WebhookKit.Dispatch;

/// <summary>Runs steps against the store so that the dispatcher survives its outages and tells each of them once.</summary>
internal sealed class StoreGuard
{
    private readonly ConcurrentDictionary<string, bool> _failing = new();
    private readonly ResiliencePipeline _pipeline;
    private readonly TimeProvider _timeProvider;
    private readonly ILogger _logger;
    private readonly Lock _gate = new();
    private long _since;

    public StoreGuard(TimeProvider timeProvider, ILogger logger, JitterSource jitter)
    {
        _timeProvider = timeProvider;
        _logger = logger;
        _pipeline = new ResiliencePipelineBuilder { TimeProvider = timeProvider }
            .AddRetry(new RetryStrategyOptions
            {
                ShouldHandle = arguments => ValueTask.FromResult(
                    arguments.Outcome.Exception is not null && !arguments.Context.CancellationToken.IsCancellationRequested),
                MaxRetryAttempts = 5,
                BackoffType = DelayBackoffType.Exponential,
                Delay = TimeSpan.FromMilliseconds(200),
                MaxDelay = TimeSpan.FromSeconds(5),
                UseJitter = true,
                Randomizer = jitter.Next,
                OnRetry = arguments =>
                {
                    Failed(Step(arguments.Context), arguments.Outcome.Exception!);
                    return ValueTask.CompletedTask;
                },
            })
            .Build();
    }

    /// <summary>Runs a step, again after growing pauses while it fails.</summary>
    /// <returns><see langword="false"/> when it still failed in the end, so that other steps get their turn.</returns>
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

    private static string Step(ResilienceContext context) => context.OperationKey!;

    private void Failed(string step, Exception exception)
    {
        lock (_gate)
        {
            var first = _failing.IsEmpty;
            _failing[step] = true;
            if (first)
            {
                _since = _timeProvider.GetTimestamp();
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
                _logger.StoreOutageEnded(_timeProvider.GetElapsedTime(_since).TotalSeconds);
            }
        }
    }
}
