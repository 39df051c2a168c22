namespace WebhookKit.LoadTest.Reporting;

internal static class Median
{
    /// <summary>The middle value, or the mean of the two middle ones; null when a value is missing.</summary>
    public static double? Of<T>(IReadOnlyCollection<T> runs, Func<T, double?> figure)
    {
        var values = runs.Select(figure).ToArray();
        if (values.Length == 0 || values.Any(value => value is null))
        {
            return null;
        }

        Array.Sort(values);
        return (values[(values.Length - 1) / 2] + values[values.Length / 2]) / 2;
    }

    /// <summary>Rounds to four significant digits: more would promise what no repeat keeps.</summary>
    public static double? Round(double? value) =>
        value is null or 0 ? value
        : Math.Abs(value.Value) >= 1_000 ? Math.Round(value.Value)
        : Math.Round(value.Value, 3 - (int)Math.Floor(Math.Log10(Math.Abs(value.Value))));
}
