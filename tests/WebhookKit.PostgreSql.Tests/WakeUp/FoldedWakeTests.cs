using WebhookKit.PostgreSql.WakeUp;
using WebhookKit.Publishing;
using WebhookKit.Testing;

namespace WebhookKit.PostgreSql.Tests.WakeUp;

public sealed class FoldedWakeTests
{
    private readonly FakeTimeProvider _clock = new();
    private readonly DispatchSignal _signal = new();

    [Fact]
    public async Task Add_ManyAtOnce_WakeOnceForAllOfThemAfterTheDelay()
    {
        var wake = new FoldedWake(_signal, _clock, new Halfway());
        for (var round = 0; round < 20; round++)
        {
            for (var times = 0; times < 100; times++)
            {
                wake.Add(times % 2 == 0 ? WaitingWork.Messages : WaitingWork.Deliveries);
            }

            Assert.False(await IsWokenAsync());
            _clock.Advance(WakeUpDefaults.MaxWakeDelay / 2);

            Assert.True(await _signal.WaitAsync(TimeSpan.FromMinutes(1), TimeProvider.System, default));
            Assert.True(_signal.TakeWaiting(WaitingWork.Messages));
            Assert.True(_signal.TakeWaiting(WaitingWork.Deliveries));
            Assert.False(await IsWokenAsync());
        }
    }

    [Fact]
    public void Add_ManyNodes_WakeAtDifferentTimes()
    {
        var nodes = Enumerable.Range(0, 100).Select(_ => new DispatchSignal()).ToArray();
        foreach (var node in nodes)
        {
            new FoldedWake(node, _clock, new Random()).Add(WaitingWork.Messages);
        }

        _clock.Advance(WakeUpDefaults.MaxWakeDelay / 2);

        // Each is early or late as a coin falls: all alike happens once in 2^99 runs.
        Assert.True(SpinWait.SpinUntil(() => nodes.Any(node => node.TakeWaiting(WaitingWork.Messages)), TimeSpan.FromMinutes(2)));
        _clock.Advance(WakeUpDefaults.MaxWakeDelay / 2);
        Assert.True(SpinWait.SpinUntil(() => nodes.Any(node => node.TakeWaiting(WaitingWork.Messages)), TimeSpan.FromMinutes(2)));
    }

    private sealed class Halfway : Random
    {
        public override double NextDouble() => 0.5;
    }

    private async Task<bool> IsWokenAsync() => await _signal.WaitAsync(TimeSpan.FromMilliseconds(1), TimeProvider.System, default);
}
