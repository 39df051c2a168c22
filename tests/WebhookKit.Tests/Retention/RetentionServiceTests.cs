using System.Runtime.CompilerServices;
using System.Threading.Channels;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using WebhookKit.Retention;
using WebhookKit.Retention.Internal;
using WebhookKit.Testing;

namespace WebhookKit.Tests.Retention;

public sealed class RetentionServiceTests : IAsyncDisposable
{
    private static readonly TimeSpan Work = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    private readonly FakeTimeProvider _clock = new();
    private readonly RestingTime _time;
    private readonly WebhooksOptions _options = new();
    private readonly Log _log = new();
    private RetentionService? _service;
    private TimeSpan? _rest;

    public RetentionServiceTests() => _time = new RestingTime(_clock);

    public async ValueTask DisposeAsync()
    {
        if (_service is not null)
        {
            await _service.StopAsync(default);
            _service.Dispose();
        }
    }

    [Fact]
    public async Task Run_BetweenBatches_RestsAtLeastNineTimesAsLongAsTheyTook()
    {
        var step = new Step(this, batches: 3);
        await StartAsync(step);

        await UntilAsync(() => step.Ran.Count == 3);

        Assert.All(step.Ran.Zip(step.Ran.Skip(1)), pair => Assert.Equal(Work * 10, pair.Second - pair.First));
    }

    [Fact]
    public async Task Run_WhenDone_ComesAgainWithinTheInterval()
    {
        _options.Retention.Interval = TimeSpan.FromHours(2);
        var step = new Step(this, batches: 1);
        await StartAsync(step);

        await UntilAsync(() => step.Ran.Count == 2);

        // The pause itself is anything from half of the interval; before it come the work and the rest after it.
        Assert.InRange(step.Ran[1] - step.Ran[0], TimeSpan.FromHours(1), TimeSpan.FromHours(2) + (Work * 10));
    }

    [Fact]
    public async Task Run_StepFails_OthersRunAndTheFailureIsToldOnceUntilItWorks()
    {
        var (failing, other) = (new Step(this, batches: 1) { Fails = true }, new Step(this, batches: 1));
        await StartAsync(failing, other);
        await UntilAsync(() => other.Ran.Count == 3);
        Assert.Equal(1, _log.Count("RetentionFailed"));
        Assert.Equal(0, _log.Count("RetentionRecovered"));

        failing.Fails = false;
        await UntilAsync(() => _log.Count("RetentionRecovered") == 1);

        Assert.Equal(1, _log.Count("RetentionFailed"));
    }

    [Fact]
    public async Task Run_Disabled_DoesNothing()
    {
        _options.Retention.IsDisabled = true;
        var step = new Step(this, batches: 1);
        await StartAsync(step);

        await _service!.ExecuteTask!.WaitAsync(Patience);

        Assert.Empty(step.Ran);
    }

    [Fact]
    public async Task Stop_InARest_EndsAtOnce()
    {
        var step = new Step(this, batches: 1_000);
        await StartAsync(step);
        await UntilAsync(() => step.Ran.Count == 2);

        await _service!.StopAsync(default).WaitAsync(Patience);

        Assert.Equal(2, step.Ran.Count);
        Assert.Equal(0, _log.Count("RetentionFailed"));
    }

    private Task StartAsync(params IRetentionStep[] steps)
    {
        _service = new RetentionService(steps, Options.Create(_options), _time, _log);
        return _service.StartAsync(default);
    }

    /// <summary>Lets the rests of the service pass, one after the other; the last it is asked about goes on.</summary>
    private async Task UntilAsync(Func<bool> condition)
    {
        for (var rests = 0; ; rests++)
        {
            _rest ??= await _time.NextRestAsync().WaitAsync(Patience);
            if (condition())
            {
                return;
            }

            Assert.True(rests < 100, "The service does not get there.");
            _clock.Advance(_rest.Value);
            _rest = null;
        }
    }

    /// <summary>Tells of every rest that is begun, so that the clock moves only while the service rests.</summary>
    private sealed class RestingTime(FakeTimeProvider clock) : TimeProvider
    {
        private readonly Channel<TimeSpan> _rests = Channel.CreateUnbounded<TimeSpan>();

        public override long TimestampFrequency => clock.TimestampFrequency;

        public override DateTimeOffset GetUtcNow() => clock.GetUtcNow();

        public override long GetTimestamp() => clock.GetTimestamp();

        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
        {
            var timer = clock.CreateTimer(callback, state, dueTime, period);
            _rests.Writer.TryWrite(dueTime);
            return timer;
        }

        public Task<TimeSpan> NextRestAsync() => _rests.Reader.ReadAsync().AsTask();
    }

    private sealed class Step(RetentionServiceTests test, int batches) : IRetentionStep
    {
        public string Name { get; } = Guid.NewGuid().ToString();

        public bool Fails { get; set; }

        public List<DateTimeOffset> Ran { get; } = [];

        public async IAsyncEnumerable<int> RunAsync([EnumeratorCancellation] CancellationToken cancellationToken)
        {
            for (var i = 0; i < batches; i++)
            {
                await Task.Yield();
                if (Fails)
                {
                    throw new TimeoutException("The store is away.");
                }

                Ran.Add(test._clock.GetUtcNow());
                test._clock.Advance(Work);
                yield return 1;
            }
        }
    }

    private sealed class Log : ILogger<RetentionService>
    {
        private readonly System.Collections.Concurrent.ConcurrentQueue<string?> _names = new();

        public int Count(string name) => _names.Count(one => one == name);

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        void ILogger.Log<TState>(
            LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            _names.Enqueue(eventId.Name);
    }
}
