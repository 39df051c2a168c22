using Microsoft.EntityFrameworkCore;

namespace WebhookKit.EntityFrameworkCore.Dialects;

/// <summary>Lets the writers of this process wait for their turn where the database has only one.</summary>
/// <remarks>
/// Who waits for SQLite's lock blocks a thread of the pool in short sleeps; with enough of them none is left for the
/// writer that they wait for, and no queue says who is next.
/// </remarks>
internal sealed class WriterTurns
{
    private static readonly TimeSpan DefaultPatience = TimeSpan.FromSeconds(30);

    private readonly SemaphoreSlim _writer = new(1, 1);

    /// <summary>Waits until the other writers have ended, as long as a command of the context may take.</summary>
    /// <remarks>Without a turn by then the database decides: a handler may publish while its own turn lasts.</remarks>
    public async ValueTask<Turn> TakeAsync(DbContext context, CancellationToken cancellationToken)
    {
        if (!context.Database.IsSqlite())
        {
            return default;
        }

        var patience = context.Database.GetCommandTimeout() is { } seconds and > 0 ? TimeSpan.FromSeconds(seconds) : DefaultPatience;
        return await _writer.WaitAsync(patience, cancellationToken).ConfigureAwait(false) ? new Turn(_writer) : default;
    }

    internal readonly struct Turn(SemaphoreSlim? writer) : IDisposable
    {
        public void Dispose() => writer?.Release();
    }
}
