using System.Diagnostics;
using Microsoft.EntityFrameworkCore;
using WebhookKit.EntityFrameworkCore.Dialects;
using WebhookKit.Testing;

namespace WebhookKit.EntityFrameworkCore.Tests.Dialects;

/// <summary>Who writes next on SQLite: decided by turns, which need no database.</summary>
public sealed class WriterTurnsTests : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

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
        _turns.Hosts.Enter(_host.ContextId, isSave: false);

        var taken = TakeAsync(_dispatcher);
        Assert.False(taken.IsCompleted);
        _turns.Hosts.Leave(_host.ContextId);

        (await taken.WaitAsync(Patience)).Dispose();
    }

    [Fact]
    public async Task TakeAsync_HostNeverPauses_BeginsAfterTheLongestStepBack()
    {
        _turns.Hosts.Enter(_host.ContextId, isSave: false);
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
        _turns.Hosts.Enter(_host.ContextId, isSave: false);
        _turns.Hosts.Enter(other.ContextId, isSave: false);
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

        var host = _turns.Hosts.EnterAsync(_host.ContextId, isSave: false, default).AsTask();

        Assert.False(turn.MayGoOn);
        turn.Dispose();
        await host.WaitAsync(Patience);
    }

    [Fact]
    public async Task TakeAsync_ForCodeOfTheHost_DoesNotStepBack()
    {
        _turns.Hosts.Enter(_host.ContextId, isSave: false);

        var taken = _turns.TakeAsync(_dispatcher, stepsBack: false, default);

        Assert.True(taken.IsCompletedSuccessfully);
        (await taken).Dispose();
    }

    [Fact]
    public async Task TakeAsync_HostThatNeverSaidItsEnd_IsForgotten()
    {
        _turns.Hosts.Enter(_host.ContextId, isSave: false);
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
        var host = _turns.Hosts.EnterAsync(_host.ContextId, isSave: false, default).AsTask();
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
        var host = _turns.Hosts.EnterAsync(_host.ContextId, isSave: false, default).AsTask();
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
        var host = _turns.Hosts.EnterAsync(_host.ContextId, isSave: false, cancellation.Token).AsTask();

        await cancellation.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => host.WaitAsync(Patience));
    }

    [Fact]
    public async Task Enter_ByTheContextWhoseTurnItIs_DoesNotWaitForItself()
    {
        using (await _turns.TakeAsync(_dispatcher, stepsBack: true, default))
        {
            Assert.True(_turns.Hosts.EnterAsync(_dispatcher.ContextId, isSave: false, default).IsCompletedSuccessfully);
        }

        var next = TakeAsync(_host);
        Assert.True(next.IsCompletedSuccessfully);
        (await next).Dispose();
    }

    [Fact]
    public async Task Enter_SavesOfTheHost_GoOneAfterAnother()
    {
        using var second = NewContext();
        using var third = NewContext();
        Assert.True(Save(_host).IsCompleted);
        var secondSave = Save(second);
        var thirdSave = Save(third);
        Assert.False(secondSave.IsCompleted);

        _turns.Hosts.Leave(_host.ContextId);
        await secondSave.WaitAsync(Patience);
        Assert.False(thirdSave.IsCompleted);

        _turns.Hosts.Leave(second.ContextId);
        await thirdSave.WaitAsync(Patience);
    }

    [Fact]
    public async Task Enter_SaveWhoseEndIsNotTold_HoldsTheNextOneNoLongerThanTheDriverWould()
    {
        using var second = NewContext();
        await Save(_host);
        var save = Save(second);
        _time.Advance(HostSaves.MaxWait - TimeSpan.FromMilliseconds(1));
        Assert.False(save.IsCompleted);

        _time.Advance(TimeSpan.FromMilliseconds(1));

        await save.WaitAsync(Patience);
    }

    [Fact]
    public async Task Enter_SaveCanceledInLine_LetsThoseBehindItPass()
    {
        using var second = NewContext();
        using var third = NewContext();
        using var cancellation = new CancellationTokenSource();
        await Save(_host);
        var canceled = _turns.Hosts.EnterAsync(second.ContextId, isSave: true, cancellation.Token).AsTask();
        var save = Save(third);

        await cancellation.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => canceled.WaitAsync(Patience));
        await save.WaitAsync(Patience);
    }

    [Fact]
    public async Task Enter_TransactionOfTheHost_WaitsForNoSaveAndHoldsNone()
    {
        using var transaction = NewContext();
        using var second = NewContext();
        await Save(_host);

        Assert.True(_turns.Hosts.EnterAsync(transaction.ContextId, isSave: false, default).IsCompletedSuccessfully);
        _turns.Hosts.Leave(_host.ContextId);

        Assert.True(Save(second).IsCompletedSuccessfully);
    }

    [Fact]
    public async Task Enter_SynchronousSave_WaitsForTheOneBeforeIt()
    {
        using var second = NewContext();
        await Save(_host);
        var watch = Stopwatch.StartNew();

        _turns.Hosts.Enter(second.ContextId, isSave: true);

        Assert.True(watch.Elapsed > HostSaves.MaxWait / 2);
    }

    private Task Save(DbContext context) => _turns.Hosts.EnterAsync(context.ContextId, isSave: true, default).AsTask();

    private static DbContext NewContext() => new(new DbContextOptionsBuilder().UseSqlite("Data Source=:memory:").Options);

    private Task<WriterTurns.Turn> TakeAsync(DbContext context) => _turns.TakeAsync(context, stepsBack: true, default).AsTask();
}
