using System.Data.Common;

namespace WebhookKit.Dispatch;

/// <summary>Halves a batch that fails until the rows that cannot be written stand alone.</summary>
/// <remarks>
/// Rows count as unwritable only once others were written: when nothing can be, the store is away. Nor is a row to blame
/// for what passes by itself, such as a full disk that has still room for the smaller rows.
/// </remarks>
internal sealed class Bisection<T>
{
    private const int MaxFailuresBeforeSuccess = 8;

    // In the order they came: the other half is tried before a bad one is halved again, so that one bad row, wherever
    // it stands, is not taken for a store that is away.
    private readonly Queue<ArraySegment<T>> _parts = new();
    private readonly List<(T Item, Exception Exception)> _rejected = [];
    private int _failures;

    public Bisection(T[] batch) => _parts.Enqueue(batch);

    public IReadOnlyList<(T Item, Exception Exception)> Rejected => _rejected;

    /// <summary>Whether something was written, which shows that the store is not away.</summary>
    public bool AnySucceeded { get; private set; }

    public bool TryTake(out ArraySegment<T> part) => _parts.TryDequeue(out part);

    public void Succeeded() => AnySucceeded = true;

    /// <summary>Halves the part that failed, or sets its only row aside.</summary>
    /// <returns>Whether to give up, because the store seems to be away.</returns>
    public bool Failed(ArraySegment<T> part, Exception exception)
    {
        _failures++;
        if (part.Count == 1 && IsPassing(exception))
        {
            return true;
        }

        if (part.Count == 1)
        {
            _rejected.Add((part[0], exception));
        }
        else
        {
            var half = part.Count / 2;
            _parts.Enqueue(part[..half]);
            _parts.Enqueue(part[half..]);
        }

        return !AnySucceeded && (_failures >= MaxFailuresBeforeSuccess || _parts.Count == 0);
    }

    /// <summary>Whether the failure passes by itself, whatever the rows.</summary>
    /// <remarks>Stores of Entity Framework Core wrap what their provider says.</remarks>
    public static bool IsPassing(Exception? exception) =>
        exception is not null && (exception is DbException { IsTransient: true } || IsPassing(exception.InnerException));
}
