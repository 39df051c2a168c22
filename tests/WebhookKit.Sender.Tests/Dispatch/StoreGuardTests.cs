using WebhookKit.Dispatch;
using WebhookKit.Testing;

namespace WebhookKit.Sender.Tests.Dispatch;

public sealed class StoreGuardTests
{
    private readonly FakeTimeProvider _clock = new();
    private readonly RecordingLogger _log = new();
    private readonly DispatchStatus _status;
    private readonly StoreGuard _guard;

    public StoreGuardTests()
    {
        _status = new DispatchStatus(_clock);
        _guard = new StoreGuard(_status, _clock, _log, new JitterSource(new Random(1)));
    }

    [Fact]
    public async Task TryOnce_StepFails_IsLeftOutForGrowingPausesWhileOthersRun()
    {
        var calls = 0;
        var pauses = new List<double>();
        for (var i = 0; i < 8; i++)
        {
            Assert.False(await _guard.TryOnceAsync("fan out", _ => { calls++; throw new TimeoutException(); }, default));
            Assert.False(await _guard.TryOnceAsync("fan out", _ => { calls++; return default; }, default));
            Assert.True(await _guard.TryOnceAsync("sweep", _ => default, default));
            pauses.Add(_guard.PauseOf("fan out").TotalSeconds);
            _clock.Advance(_guard.PauseOf("fan out"));
        }

        Assert.Equal(8, calls);
        Assert.InRange(pauses[0], 0.1, 0.2);
        Assert.InRange(pauses[2], 0.4, 0.8);
        Assert.InRange(pauses[7], 2.5, 5);
        Assert.Equal(TimeSpan.Zero, _guard.PauseOf("sweep"));
    }

    [Fact]
    public async Task Outage_SeveralSteps_IsToldOnceAndEndsWithTheLast()
    {
        var began = _clock.GetUtcNow();
        await FailAsync("fan out");
        _clock.Advance(TimeSpan.FromSeconds(10));
        await FailAsync("lease");
        await FailAsync("fan out");
        Assert.Equal(new StoreOutage("fan out", began), _status.Outage);

        _clock.Advance(TimeSpan.FromSeconds(10));
        await _guard.TryOnceAsync("fan out", _ => default, default);
        Assert.NotNull(_status.Outage);
        await _guard.TryOnceAsync("lease", _ => default, default);

        Assert.Null(_status.Outage);
        Assert.Equal(["StoreOutageBegan", "StoreOutageEnded"], _log.Events.Select(logged => logged.Name));
        Assert.Contains("20.0 s", _log.Events[1].Text, StringComparison.Ordinal);
    }

    private async Task FailAsync(string step) => await _guard.TryOnceAsync(step, _ => throw new TimeoutException(), default);
}
