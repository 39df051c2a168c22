namespace WebhookKit.EntityFrameworkCore.Dialects;

/// <summary>Cuts a batch into what SQLite's one writer writes in a turn.</summary>
internal static class TurnRows
{
    // A few milliseconds. More rows hold the lock longer and are hardly faster for each.
    public const int Max = 50;

    /// <summary>Cuts in the given order; what is more than a turn by itself is a turn of its own.</summary>
    public static IReadOnlyList<IReadOnlyList<T>> Split<T>(IEnumerable<T> items, Func<T, int> countRows)
    {
        var turns = new List<List<T>>();
        var rows = 0;
        foreach (var item in items)
        {
            var count = countRows(item);
            if (turns.Count == 0 || rows + count > Max)
            {
                turns.Add([]);
                rows = 0;
            }

            turns[^1].Add(item);
            rows += count;
        }

        return turns;
    }
}
