using WebhookKit.LoadTest.Reporting;

namespace WebhookKit.LoadTest.Publish;

/// <summary>What one run came to, for each save; with several writers a save's time is the time of all divided by their saves.</summary>
internal sealed record PublishResult(
    double? Ratio,
    double? MicrosecondsPerSave,
    double? PlainMicrosecondsPerSave,
    double? CpuMicrosecondsPerSave,
    double? PlainCpuMicrosecondsPerSave,
    double? AllocatedBytesPerSave,
    double? PlainAllocatedBytesPerSave)
{
    /// <summary>Takes the median of the turns; the ratio is the median of the turns' own ratios.</summary>
    public static PublishResult From(int savesPerTurn, IReadOnlyCollection<SaveResult> webhook, IReadOnlyCollection<SaveResult> plain) =>
        MedianOf([.. webhook.Zip(plain, (one, other) => new PublishResult(
            one.Seconds / other.Seconds,
            one.Seconds * 1_000_000 / savesPerTurn,
            other.Seconds * 1_000_000 / savesPerTurn,
            one.CpuSeconds * 1_000_000 / savesPerTurn,
            other.CpuSeconds * 1_000_000 / savesPerTurn,
            one.AllocatedBytes / (double)savesPerTurn,
            other.AllocatedBytes / (double)savesPerTurn))]);

    public static PublishResult MedianOf(IReadOnlyCollection<PublishResult> runs) => new(
        Median.Round(Median.Of(runs, run => run.Ratio)),
        Median.Round(Median.Of(runs, run => run.MicrosecondsPerSave)),
        Median.Round(Median.Of(runs, run => run.PlainMicrosecondsPerSave)),
        Median.Round(Median.Of(runs, run => run.CpuMicrosecondsPerSave)),
        Median.Round(Median.Of(runs, run => run.PlainCpuMicrosecondsPerSave)),
        Median.Round(Median.Of(runs, run => run.AllocatedBytesPerSave)),
        Median.Round(Median.Of(runs, run => run.PlainAllocatedBytesPerSave)));
}
