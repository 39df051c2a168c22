using Microsoft.EntityFrameworkCore;

namespace WebhookKit.EntityFrameworkCore.Dialects;

/// <summary>The host's own writers, seen when they want to write: they go before the dispatcher.</summary>
/// <remarks>
/// A host's writer takes no turn that it would have to give back. It waits here for the turn that another has, for the
/// database would let it sleep and try again, without a queue; then it is the database's.
/// </remarks>
internal sealed class HostWriters(TimeProvider timeProvider)
{
    // A transaction disposed without a commit tells nobody, and a save can be refused before it begins.
    private static readonly TimeSpan MaxAge = TimeSpan.FromSeconds(1);

    // A turn lasts as long as its handler may: after this the host waits in the database, as it would without us.
    private static readonly TimeSpan MaxWait = TimeSpan.FromSeconds(1);

    private readonly Lock _lock = new();
    private readonly Dictionary<DbContextId, long> _writing = [];
    private TaskCompletionSource _noneWrites = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private TaskCompletionSource? _turn;
    private DbContextId _turnOf;

    /// <summary>Whether a context of the host wants to write.</summary>
    public bool AnyWants
    {
        get
        {
            lock (_lock)
            {
                return AnyWrites();
            }
        }
    }

    /// <summary>Says that a context of the host wants to write, and waits until the turn under way has ended.</summary>
    public void Enter(DbContextId context)
    {
        // The caller saves synchronously, and would wait as long for the database.
#pragma warning disable VSTHRD002
        Add(context).Wait(MaxWait);
#pragma warning restore VSTHRD002
    }

    /// <inheritdoc cref="Enter"/>
    public async ValueTask EnterAsync(DbContextId context, CancellationToken cancellationToken)
    {
        var turn = Add(context);
        if (!turn.IsCompleted)
        {
            await turn.WaitAsync(MaxWait, timeProvider, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            cancellationToken.ThrowIfCancellationRequested();
        }
    }

    /// <summary>Says that it has written, or given up.</summary>
    public void Leave(DbContextId context)
    {
        lock (_lock)
        {
            _writing.Remove(context);
            WakeIfNoneWrites();
        }
    }

    /// <summary>Waits until no host wants to write.</summary>
    public async ValueTask WaitUntilNoneWritesAsync(TimeSpan patience, CancellationToken cancellationToken)
    {
        Task noneWrites;
        lock (_lock)
        {
            if (patience <= TimeSpan.Zero || !AnyWrites())
            {
                return;
            }

            noneWrites = _noneWrites.Task;
        }

        await noneWrites.WaitAsync(patience, timeProvider, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        cancellationToken.ThrowIfCancellationRequested();
    }

    /// <summary>Begins a turn; hosts that want to write from now on wait until it ends.</summary>
    /// <param name="context">Whose turn it is: its own statements do not wait for it.</param>
    /// <param name="insists">Whether it begins although a host wants to write.</param>
    public bool TryBeginTurn(DbContextId context, bool insists)
    {
        lock (_lock)
        {
            if (!insists && AnyWrites())
            {
                return false;
            }

            _turn = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            _turnOf = context;
            return true;
        }
    }

    public void EndTurn()
    {
        lock (_lock)
        {
            _turn?.SetResult();
            _turn = null;
        }
    }

    private Task Add(DbContextId context)
    {
        lock (_lock)
        {
            if (_turn is not null && _turnOf == context)
            {
                return Task.CompletedTask;
            }

            _writing[context] = timeProvider.GetTimestamp();
            return _turn?.Task ?? Task.CompletedTask;
        }
    }

    private bool AnyWrites()
    {
        foreach (var (context, since) in _writing)
        {
            if (timeProvider.GetElapsedTime(since) >= MaxAge)
            {
                _writing.Remove(context);
            }
        }

        return _writing.Count > 0;
    }

    private void WakeIfNoneWrites()
    {
        if (_writing.Count == 0)
        {
            _noneWrites.TrySetResult();
            _noneWrites = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        }
    }
}
