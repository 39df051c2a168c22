using Microsoft.EntityFrameworkCore;

namespace WebhookKit.EntityFrameworkCore.Dialects;

/// <summary>Lets the writers of this process wait for their turn where the database has only one.</summary>
/// <remarks>
/// Who waits for SQLite's lock blocks a thread of the pool in short sleeps; with enough of them none is left for the
/// writer that they wait for, and no queue says who is next.
/// </remarks>
internal sealed class WriterTurns(TimeProvider timeProvider)
{
    /// <summary>The dispatcher steps back so long before each turn; a host that never pauses must not starve it.</summary>
    public static readonly TimeSpan MaxStepBack = TimeSpan.FromMilliseconds(50);

    /// <summary>The dispatcher's turn goes on for so long, while no host wants to write.</summary>
    public static readonly TimeSpan MaxTurn = TimeSpan.FromMilliseconds(5);

    private static readonly TimeSpan DefaultPatience = TimeSpan.FromSeconds(30);

    private readonly SemaphoreSlim _writer = new(1, 1);

    /// <summary>The host's own writers, which do not take turns.</summary>
    public HostWriters Hosts { get; } = new(timeProvider);

    /// <summary>Waits until the other writers have ended, as long as a command of the context may take.</summary>
    /// <remarks>Without a turn by then the database decides: a handler may publish while its own turn lasts.</remarks>
    /// <param name="context">The context that is going to write.</param>
    /// <param name="stepsBack">Whether the host's own writers go first, for <see cref="MaxStepBack"/> at most.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public async ValueTask<Turn> TakeAsync(DbContext context, bool stepsBack, CancellationToken cancellationToken)
    {
        if (!context.Database.IsSqlite())
        {
            return default;
        }

        var patience = context.Database.GetCommandTimeout() is { } seconds and > 0 ? TimeSpan.FromSeconds(seconds) : DefaultPatience;
        var since = timeProvider.GetTimestamp();
        while (true)
        {
            if (stepsBack)
            {
                await Hosts.WaitUntilNoneWritesAsync(MaxStepBack - timeProvider.GetElapsedTime(since), cancellationToken)
                    .ConfigureAwait(false);
            }

            if (!await _writer.WaitAsync(patience, cancellationToken).ConfigureAwait(false))
            {
                return default;
            }

            // A host may have come while we stood in line.
            if (Hosts.TryBeginTurn(context.ContextId, !stepsBack || timeProvider.GetElapsedTime(since) >= MaxStepBack))
            {
                return new Turn(this, timeProvider.GetTimestamp());
            }

            _writer.Release();
        }
    }

    private bool MayGoOn(long since) => timeProvider.GetElapsedTime(since) < MaxTurn && !Hosts.AnyWants;

    private void End()
    {
        Hosts.EndTurn();
        _writer.Release();
    }

    internal readonly struct Turn(WriterTurns? turns, long since) : IDisposable
    {
        /// <summary>Whether more may be written before others are let in between.</summary>
        public bool MayGoOn => turns?.MayGoOn(since) == true;

        public void Dispose() => turns?.End();
    }
}
