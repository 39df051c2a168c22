using System.Diagnostics;
using System.Globalization;

namespace WebhookKit.Benchmarks.Verification;

/// <summary>The same question in ten seconds: verification and floor take turns, and medians are compared.</summary>
internal static class VerificationTable
{
    private const int Rounds = 101;
    private static readonly TimeSpan RoundLength = TimeSpan.FromMilliseconds(5);

    public static void Print(TextWriter output)
    {
        output.WriteLine("| payload | matching secret | verify (µs) | floor (µs) | ratio | allocated (B/op) |");
        output.WriteLine("|---:|---:|---:|---:|---:|---:|");
        foreach (var payloadBytes in (int[])[256, 1024, 10_240, 102_400])
        {
            foreach (var matchingSecret in (int[])[1, 2])
            {
                using var verificationCase = new VerificationCase(payloadBytes, matchingSecret);
                output.WriteLine(Measure(verificationCase, payloadBytes, matchingSecret));
            }
        }
    }

    private static string Measure(VerificationCase verificationCase, int payloadBytes, int matchingSecret)
    {
        var verify = () => { if (!verificationCase.Verify()) { throw new InvalidOperationException("The request did not verify."); } };
        var floor = () => { verificationCase.Floor(); };
        var operations = Warm(verify, floor);

        var (verifyTimes, floorTimes, ratios) = (new double[Rounds], new double[Rounds], new double[Rounds]);
        for (var round = 0; round < Rounds; round++)
        {
            verifyTimes[round] = Time(verify, operations);
            floorTimes[round] = Time(floor, operations);
            ratios[round] = verifyTimes[round] / floorTimes[round];
        }

        var before = GC.GetAllocatedBytesForCurrentThread();
        Time(verify, operations);
        var allocated = (double)(GC.GetAllocatedBytesForCurrentThread() - before) / operations;

        return string.Create(
            CultureInfo.InvariantCulture,
            $"| {payloadBytes} | {matchingSecret} | {Median(verifyTimes):F2} | {Median(floorTimes):F2} | {Median(ratios):F2} | {allocated:0.###} |");
    }

    /// <summary>Runs both until they are compiled for good and returns how many operations fill a round.</summary>
    private static int Warm(Action verify, Action floor)
    {
        var started = Stopwatch.GetTimestamp();
        var operations = 0;
        while (Stopwatch.GetElapsedTime(started) < 100 * RoundLength)
        {
            verify();
            floor();
            operations++;
        }

        return Math.Max(1, operations / 100);
    }

    /// <summary>Microseconds for each operation.</summary>
    private static double Time(Action operation, int operations)
    {
        var started = Stopwatch.GetTimestamp();
        for (var i = 0; i < operations; i++)
        {
            operation();
        }

        return Stopwatch.GetElapsedTime(started).TotalMicroseconds / operations;
    }

    private static double Median(double[] values) => values.Order().ElementAt(values.Length / 2);
}
