namespace WebhookKit.LoadTest.Reporting;

internal static class Percentile
{
    /// <summary>The value below which the given share of the values lies; the nearest rank.</summary>
    public static double Of(double[] sorted, double share) =>
        sorted.Length == 0 ? double.NaN : sorted[Math.Clamp((int)Math.Ceiling(share * sorted.Length) - 1, 0, sorted.Length - 1)];
}
