using System.Diagnostics;
using System.Globalization;

namespace WebhookKit.Benchmarks.Verification;

/// <summary>The same question in half a minute: verification and both floors take turns, and medians are compared.</summary>
internal static class VerificationTable
{
    private const int Rounds = 101;

    private static readonly TimeSpan RoundLength = TimeSpan.FromMilliseconds(5);
    private static readonly TimeSpan WarmUp = TimeSpan.FromSeconds(1);

    public static void Print(TextWriter output)
    {
        // Thrown away: on a busy machine the first case would be measured before it is fully compiled.
        using (var first = new VerificationCase(256, 2))
        {
            Measure(first);
        }

        output.WriteLine("| payload (B) | matching secret | verify (µs) | floor, joined (µs) | floor, apart (µs) | ratio to joined | ratio to apart | allocated (B) |");
        output.WriteLine("|---:|---:|---:|---:|---:|---:|---:|---:|");
        foreach (var payloadBytes in (int[])[256, 1024, 10_240, 102_400])
        {
            foreach (var matchingSecret in (int[])[1, 2])
            {
                using var verificationCase = new VerificationCase(payloadBytes, matchingSecret);
                output.WriteLine($"| {payloadBytes} | {matchingSecret} | {Measure(verificationCase)} |");
            }
        }
    }

    private static string Measure(VerificationCase verificationCase)
    {
        Action verify = () =>
        {
            if (!verificationCase.Verify())
            {
                throw new InvalidOperationException("The request did not verify.");
            }
        };
        Action joined = () => verificationCase.FloorJoined();
        Action apart = () => verificationCase.FloorApart();
        var operations = Warm(verify, joined, apart);

        var rounds = Enumerable.Range(0, Rounds)
            .Select(_ => (Verify: Time(verify, operations), Joined: Time(joined, operations), Apart: Time(apart, operations)))
            .ToList();

        var before = GC.GetAllocatedBytesForCurrentThread();
        Time(verify, operations);
        var allocated = (double)(GC.GetAllocatedBytesForCurrentThread() - before) / operations;

        double[] figures =
        [
            Median(rounds.Select(round => round.Verify)),
            Median(rounds.Select(round => round.Joined)),
            Median(rounds.Select(round => round.Apart)),
            Median(rounds.Select(round => round.Verify / round.Joined)),
            Median(rounds.Select(round => round.Verify / round.Apart)),
        ];
        return string.Join(" | ", [.. figures.Select(figure => figure.ToString("F2", CultureInfo.InvariantCulture)), allocated.ToString("0.##", CultureInfo.InvariantCulture)]);
    }

    /// <summary>Runs everything until it is compiled for good and returns how many operations fill a round.</summary>
    private static int Warm(params Action[] actions)
    {
        var started = Stopwatch.GetTimestamp();
        var turns = 0;
        while (Stopwatch.GetElapsedTime(started) < WarmUp)
        {
            Array.ForEach(actions, action => action());
            turns++;
        }

        return Math.Max(1, (int)(turns * actions.Length * (RoundLength / WarmUp)));
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

    private static double Median(IEnumerable<double> values) => values.Order().ElementAt(Rounds / 2);
}
