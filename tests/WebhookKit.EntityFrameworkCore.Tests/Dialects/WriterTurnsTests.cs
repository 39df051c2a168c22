using Microsoft.EntityFrameworkCore;
using WebhookKit.EntityFrameworkCore.Dialects;
using WebhookKit.Testing;

namespace WebhookKit.EntityFrameworkCore.Tests.Dialects;

/// <summary>Who writes next on SQLite: decided by turns, which need no database.</summary>
public sealed class WriterTurnsTests : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    private readonly FakeTimeProvider _time = new();
    private readonly WriterTurns _turns;
    private readonly DbContext _dispatcher = NewContext();
    private readonly DbContext _host = NewContext();

    public WriterTurnsTests() => _turns = new WriterTurns(_time);

    public void Dispose()
    {
        _dispatcher.Dispose();
        _host.Dispose();
    }

    [Fact]
    public async Task TakeAsync_HostWrites_BeginsWhenItHasWritten()
    {
        _turns.Hosts.Enter(_host.ContextId);

        var taken = TakeAsync(_dispatcher);
        Assert.False(taken.IsCompleted);
        _turns.Hosts.Leave(_host.ContextId);

        (await taken.WaitAsync(Patience)).Dispose();
    }

    [Fact]
    public async Task TakeAsync_HostNeverPauses_BeginsAfterTheLongestStepBack()
    {
        _turns.Hosts.Enter(_host.ContextId);
        var taken = TakeAsync(_dispatcher);
        _time.Advance(WriterTurns.MaxStepBack - TimeSpan.FromMilliseconds(1));
        Assert.False(taken.IsCompleted);

        _time.Advance(TimeSpan.FromMilliseconds(1));

        (await taken.WaitAsync(Patience)).Dispose();
    }

    [Fact]
    public async Task TakeAsync_OneHostLeavesAndAnotherStays_StepsBackFurther()
    {
        using var other = NewContext();
        _turns.Hosts.Enter(_host.ContextId);
        _turns.Hosts.Enter(other.ContextId);
        var taken = TakeAsync(_dispatcher);

        _turns.Hosts.Leave(_host.ContextId);
        Assert.False(taken.IsCompleted);

        _turns.Hosts.Leave(other.ContextId);
        (await taken.WaitAsync(Patience)).Dispose();
    }

    [Fact]
    public async Task MayGoOn_NoHostWantsToWrite_UntilTheLongestTurnIsOver()
    {
        using var turn = await TakeAsync(_dispatcher);
        _time.Advance(WriterTurns.MaxTurn - TimeSpan.FromMilliseconds(1));
        Assert.True(turn.MayGoOn);

        _time.Advance(TimeSpan.FromMilliseconds(1));

        Assert.False(turn.MayGoOn);
    }

    [Fact]
    public async Task MayGoOn_HostComesWhileTheTurnLasts_NotAnyMore()
    {
        var turn = await TakeAsync(_dispatcher);
        Assert.True(turn.MayGoOn);

        var host = _turns.Hosts.EnterAsync(_host.ContextId, default).AsTask();

        Assert.False(turn.MayGoOn);
        turn.Dispose();
        await host.WaitAsync(Patience);
    }

    [Fact]
    public async Task TakeAsync_ForCodeOfTheHost_DoesNotStepBack()
    {
        _turns.Hosts.Enter(_host.ContextId);

        var taken = _turns.TakeAsync(_dispatcher, stepsBack: false, default);

        Assert.True(taken.IsCompletedSuccessfully);
        (await taken).Dispose();
    }

    [Fact]
    public async Task TakeAsync_HostThatNeverSaidItsEnd_IsForgotten()
    {
        _turns.Hosts.Enter(_host.ContextId);
        _time.Advance(TimeSpan.FromSeconds(1));

        var taken = TakeAsync(_dispatcher);

        Assert.True(taken.IsCompletedSuccessfully);
        (await taken).Dispose();
    }

    [Fact]
    public async Task TakeAsync_HostComesWhileAnotherTurnLasts_StepsBackForItBehindThatTurn()
    {
        var first = await _turns.TakeAsync(_dispatcher, stepsBack: true, default);
        using var second = NewContext();
        var waiting = TakeAsync(second);
        var host = _turns.Hosts.EnterAsync(_host.ContextId, default).AsTask();
        Assert.False(host.IsCompleted);

        first.Dispose();

        await host.WaitAsync(Patience);
        Assert.False(waiting.IsCompleted);
        _turns.Hosts.Leave(_host.ContextId);
        (await waiting.WaitAsync(Patience)).Dispose();
    }

    [Fact]
    public async Task Enter_WhileATurnLasts_WaitsForItsEndAndNotForEver()
    {
        using var turn = await _turns.TakeAsync(_dispatcher, stepsBack: true, default);
        var host = _turns.Hosts.EnterAsync(_host.ContextId, default).AsTask();
        _time.Advance(TimeSpan.FromMilliseconds(999));
        Assert.False(host.IsCompleted);

        _time.Advance(TimeSpan.FromMilliseconds(1));

        await host.WaitAsync(Patience);
    }

    [Fact]
    public async Task Enter_CanceledWhileATurnLasts_IsCanceled()
    {
        using var turn = await _turns.TakeAsync(_dispatcher, stepsBack: true, default);
        using var cancellation = new CancellationTokenSource();
        var host = _turns.Hosts.EnterAsync(_host.ContextId, cancellation.Token).AsTask();

        await cancellation.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => host.WaitAsync(Patience));
    }

    [Fact]
    public async Task Enter_ByTheContextWhoseTurnItIs_DoesNotWaitForItself()
    {
        using (await _turns.TakeAsync(_dispatcher, stepsBack: true, default))
        {
            Assert.True(_turns.Hosts.EnterAsync(_dispatcher.ContextId, default).IsCompletedSuccessfully);
        }

        var next = TakeAsync(_host);
        Assert.True(next.IsCompletedSuccessfully);
        (await next).Dispose();
    }

    private static DbContext NewContext() => new(new DbContextOptionsBuilder().UseSqlite("Data Source=:memory:").Options);

    private Task<WriterTurns.Turn> TakeAsync(DbContext context) => _turns.TakeAsync(context, stepsBack: true, default).AsTask();
}
