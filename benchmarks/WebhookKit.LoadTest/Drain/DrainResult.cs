using WebhookKit.LoadTest.Reporting;

namespace WebhookKit.LoadTest.Drain;

/// <summary>What one side of one run came to, for each delivery.</summary>
internal sealed record DrainResult(
    double? DeliveredPerSecond,
    double? StatementsPerDelivery,
    double? AllocatedBytesPerDelivery,
    double? WalBytesPerDelivery,
    double? FullPageBytesPerDelivery,
    double? PeakRssMiB,
    double? CpuMicrosecondsPerDelivery,
    double? ReceiverCpuMicrosecondsPerDelivery,
    double? DatabaseCpuMicrosecondsPerDelivery,
    int Duplicates,
    double? WarmUpTurns)
{
    public static DrainResult MedianOf(IReadOnlyCollection<DrainResult> runs) => new(
        Middle(runs, run => run.DeliveredPerSecond),
        Middle(runs, run => run.StatementsPerDelivery),
        Middle(runs, run => run.AllocatedBytesPerDelivery),
        Middle(runs, run => run.WalBytesPerDelivery),
        Middle(runs, run => run.FullPageBytesPerDelivery),
        Middle(runs, run => run.PeakRssMiB),
        Middle(runs, run => run.CpuMicrosecondsPerDelivery),
        Middle(runs, run => run.ReceiverCpuMicrosecondsPerDelivery),
        Middle(runs, run => run.DatabaseCpuMicrosecondsPerDelivery),
        runs.Sum(run => run.Duplicates),
        Middle(runs, run => run.WarmUpTurns));

    public DrainResult Rounded() => MedianOf([this]);

    private static double? Middle(IReadOnlyCollection<DrainResult> runs, Func<DrainResult, double?> figure) =>
        Median.Round(Median.Of(runs, figure));
}
