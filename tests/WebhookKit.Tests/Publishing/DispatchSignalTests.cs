using WebhookKit.Identifiers;
using WebhookKit.Publishing;
using WebhookKit.Testing;

namespace WebhookKit.Tests.Publishing;

public sealed class DispatchSignalTests
{
    private readonly FakeTimeProvider _clock = new();
    private readonly DispatchSignal _signal = new() { IsListening = true };
    private readonly IdGenerator _ids = new(TimeProvider.System);

    [Fact]
    public void Committed_NobodyListens_IsDropped()
    {
        _signal.IsListening = false;

        _signal.Committed([NewMessage()]);

        Assert.Empty(_signal.TakeCommitted(10));
    }

    [Theory]
    [InlineData(false, 1, WaitingWork.Messages)]
    [InlineData(true, 1_000, WaitingWork.None)]
    [InlineData(true, 1_001, WaitingWork.Messages)]
    public void Committed_WhatIsNotTaken_WakesOthers(bool isListening, int count, WaitingWork expected)
    {
        var others = new RecordingWakeUp();
        var signal = new DispatchSignal(others) { IsListening = isListening };

        signal.Committed([.. Enumerable.Range(0, count).Select(_ => NewMessage())]);

        Assert.Equal(expected, others.Work);
    }

    [Fact]
    public async Task WakeFor_WorkOfOthers_WakesAndIsTakenOnce()
    {
        Assert.False(_signal.TakeWaiting(WaitingWork.Messages));

        _signal.WakeFor(WaitingWork.Messages);
        _signal.WakeFor(WaitingWork.Deliveries);

        Assert.True(await _signal.WaitAsync(TimeSpan.FromHours(1), _clock, default));
        Assert.True(_signal.TakeWaiting(WaitingWork.Messages));
        Assert.False(_signal.TakeWaiting(WaitingWork.Messages));
        Assert.True(_signal.TakeWaiting(WaitingWork.Deliveries));
        Assert.False(_signal.TakeWaiting(WaitingWork.Deliveries));
    }

    [Fact]
    public void TakeCommitted_MoreThanAsked_GivesTheOldest()
    {
        var messages = Enumerable.Range(0, 5).Select(_ => NewMessage()).ToArray();
        _signal.Committed(messages[..2]);
        _signal.Committed(messages[2..]);

        Assert.Equal(messages[..3], _signal.TakeCommitted(3));
        Assert.Equal(messages[3..], _signal.TakeCommitted(3));
        Assert.Empty(_signal.TakeCommitted(3));
    }

    [Fact]
    public void Committed_MoreThanIsKept_DropsTheRest()
    {
        _signal.Committed([.. Enumerable.Range(0, 2_000).Select(_ => NewMessage())]);

        Assert.Equal(1_000, _signal.TakeCommitted(int.MaxValue).Count);
    }

    [Fact]
    public void Committed_MoreBytesThanAreKept_DropsTheRestUntilSomeAreTaken()
    {
        const int Size = 256 * 1024;
        const int Kept = 16 * 1024 * 1024 / Size;
        for (var round = 0; round < 2; round++)
        {
            _signal.Committed([.. Enumerable.Range(0, 2 * Kept).Select(_ => NewMessage(Size))]);
            Assert.Equal(Kept, _signal.TakeCommitted(int.MaxValue).Count);
        }
    }

    [Fact]
    public async Task WaitAsync_WokenBefore_ReturnsAtOnceAndOnlyOnce()
    {
        _signal.Wake();
        _signal.Committed([NewMessage()]);
        _signal.Wake();

        Assert.True(await _signal.WaitAsync(TimeSpan.FromHours(1), _clock, default));

        var second = _signal.WaitAsync(TimeSpan.FromHours(1), _clock, default).AsTask();
        Assert.False(second.IsCompleted);
        _clock.Advance(TimeSpan.FromHours(1));
        Assert.False(await second.WaitAsync(TimeSpan.FromSeconds(30)));
    }

    [Fact]
    public async Task WaitAsync_CommittedMeanwhile_Wakes()
    {
        var waiting = _signal.WaitAsync(TimeSpan.FromHours(1), _clock, default).AsTask();
        Assert.False(waiting.IsCompleted);

        _signal.Committed([NewMessage()]);

        Assert.True(await waiting.WaitAsync(TimeSpan.FromSeconds(30)));
    }

    [Fact]
    public async Task WaitAsync_Canceled_Throws()
    {
        using var cancellation = new CancellationTokenSource();
        var waiting = _signal.WaitAsync(TimeSpan.FromHours(1), _clock, cancellation.Token).AsTask();

        await cancellation.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waiting.WaitAsync(TimeSpan.FromSeconds(30)));
    }

    private sealed class RecordingWakeUp : IDispatchWakeUp
    {
        public WaitingWork Work { get; private set; }

        public void WakeOthers(WaitingWork work) => Work |= work;
    }

    private WebhookMessage NewMessage(int payloadBytes = 2) => new()
    {
        Id = _ids.NewMessageId(),
        EventType = "order.paid",
        Payload = new byte[payloadBytes],
        OccurredAt = DateTimeOffset.UnixEpoch,
    };
}
