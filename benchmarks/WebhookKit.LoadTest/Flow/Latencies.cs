using System.Diagnostics;
using WebhookKit.LoadTest.Receivers;
using WebhookKit.LoadTest.Reporting;

namespace WebhookKit.LoadTest.Flow;

/// <summary>How long messages took from their commit to the receiver.</summary>
internal sealed class Latencies
{
    private readonly double[] _sorted;

    private Latencies(double[] sorted, double seconds)
    {
        _sorted = sorted;
        Seconds = seconds;
    }

    /// <summary>From the first commit to the last arrival.</summary>
    public double Seconds { get; }

    public int Count => _sorted.Length;

    public double P50 => Percentile.Of(_sorted, 0.5);

    public double P99 => Percentile.Of(_sorted, 0.99);

    public double Max => Percentile.Of(_sorted, 1);

    /// <summary>Joins what publishers and receiver have written down; what has not arrived is left out.</summary>
    public static Latencies Read(IEnumerable<string> commitFiles, string arrivalFile)
    {
        var arrivals = ArrivalFile.Read(arrivalFile);
        var commits = commitFiles.SelectMany(ArrivalFile.Read).Where(commit => arrivals.ContainsKey(commit.Key)).ToArray();
        if (commits.Length == 0)
        {
            return new Latencies([], 0);
        }

        var sorted = Array.ConvertAll(
            commits, commit => Stopwatch.GetElapsedTime(commit.Value, arrivals[commit.Key]).TotalMilliseconds);
        Array.Sort(sorted);
        return new Latencies(
            sorted, Stopwatch.GetElapsedTime(commits.Min(commit => commit.Value), arrivals.Values.Max()).TotalSeconds);
    }
}
