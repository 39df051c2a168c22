namespace WebhookKit.EntityFrameworkCore.Dialects;

/// <summary>Cuts a batch into parts; after each of them SQLite's one writer looks whether its turn is over.</summary>
internal static class TurnParts
{
    // About a millisecond: so long a host waits that comes in the middle. Fewer rows would share a statement less well.
    public const int MaxRows = 50;

    /// <summary>Cuts in the given order; what has more rows by itself is a part of its own.</summary>
    public static IReadOnlyList<IReadOnlyList<T>> Split<T>(IEnumerable<T> items, Func<T, int> countRows)
    {
        var parts = new List<List<T>>();
        var rows = 0;
        foreach (var item in items)
        {
            var count = countRows(item);
            if (parts.Count == 0 || rows + count > MaxRows)
            {
                parts.Add([]);
                rows = 0;
            }

            parts[^1].Add(item);
            rows += count;
        }

        return parts;
    }
}
