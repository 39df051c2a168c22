using System.Globalization;
using Microsoft.EntityFrameworkCore;

namespace WebhookKit.EntityFrameworkCore.Dialects;

/// <summary>Spares the dispatcher's commits the wait for the disk where SQLite keeps a write-ahead log, then gives the connection its own setting back.</summary>
/// <remarks>
/// <c>synchronous = NORMAL</c> then loses the last commits at most, and only when the machine itself fails
/// (https://www.sqlite.org/pragma.html#pragma_synchronous): what they wrote is done once more, as after a crash of the
/// process. The pool may hand the connection to the host next, whose own commits must not lose anything.
/// </remarks>
internal sealed class RelaxedSync : IDisposable
{
    private const long Normal = 1;

    private readonly DbContext _context;
    private readonly long _own;

    private RelaxedSync(DbContext context, long own)
    {
        _context = context;
        _own = own;
    }

    /// <summary>Begins on the context's open connection, outside of a transaction; without a log nothing is changed.</summary>
    public static RelaxedSync? Begin(DbContext context)
    {
        var own = (long)Ask(context, "PRAGMA synchronous")!;
        if (own <= Normal || Ask(context, "PRAGMA journal_mode") is not "wal")
        {
            return null;
        }

        Set(context, Normal);
        return new RelaxedSync(context, own);
    }

    public void Dispose() => Set(_context, _own);

    private static void Set(DbContext context, long value) =>
        Ask(context, string.Create(CultureInfo.InvariantCulture, $"PRAGMA synchronous = {value}"));

    private static object? Ask(DbContext context, string pragma)
    {
        using var command = context.CreateCommand(pragma);
        return command.ExecuteScalar();
    }
}
