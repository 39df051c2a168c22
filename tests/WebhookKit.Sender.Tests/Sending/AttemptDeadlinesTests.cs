using WebhookKit.Sending;
using WebhookKit.Testing;

namespace WebhookKit.Sender.Tests.Sending;

public sealed class AttemptDeadlinesTests
{
    private static readonly TimeSpan Timeout = TimeSpan.FromMinutes(1);

    [Fact]
    public void Start_AfterAnAttemptInTime_LendsItsTokenAgain()
    {
        var deadlines = new AttemptDeadlines(TimeProvider.System);
        var first = deadlines.Start(Timeout, default);
        var token = first.Token;
        first.Dispose();

        using var second = deadlines.Start(Timeout, default);

        Assert.Equal(token, second.Token);
        Assert.False(second.Token.IsCancellationRequested);
    }

    [Fact]
    public void Start_AnotherAttemptIsUnderWay_LendsAnotherToken()
    {
        var deadlines = new AttemptDeadlines(TimeProvider.System);
        using var first = deadlines.Start(Timeout, default);
        using var second = deadlines.Start(Timeout, default);

        Assert.NotEqual(first.Token, second.Token);
    }

    [Fact]
    public void Token_TimeIsOver_IsCancelledAndNotLentAgain()
    {
        var time = new FakeTimeProvider();
        var deadlines = new AttemptDeadlines(time);
        using (var first = deadlines.Start(Timeout, default))
        {
            Assert.False(first.Token.IsCancellationRequested);
            time.Advance(Timeout);
            Assert.True(first.Token.IsCancellationRequested);
        }

        using var second = deadlines.Start(Timeout, default);

        Assert.False(second.Token.IsCancellationRequested);
    }

    [Fact]
    public void Token_SenderStops_IsCancelledWhileItsAttemptLastsAndNoLonger()
    {
        var deadlines = new AttemptDeadlines(TimeProvider.System);
        using var firstStop = new CancellationTokenSource();
        deadlines.Start(Timeout, firstStop.Token).Dispose();
        using var secondStop = new CancellationTokenSource();
        using var second = deadlines.Start(Timeout, secondStop.Token);

        firstStop.Cancel();
        Assert.False(second.Token.IsCancellationRequested);

        secondStop.Cancel();
        Assert.True(second.Token.IsCancellationRequested);
    }
}
