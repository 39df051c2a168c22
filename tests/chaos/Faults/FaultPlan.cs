namespace WebhookKit.Chaos.Faults;

/// <summary>What one round does.</summary>
/// <param name="Fault">The fault.</param>
/// <param name="Node">Which node it strikes, counted from 0.</param>
/// <param name="Pause">From the moment the fault's point is reached, or from the round's begin, to the fault.</param>
/// <param name="HoldsSnapshot">Whether a transaction keeps an old snapshot open meanwhile.</param>
internal sealed record Round(Fault Fault, int Node, TimeSpan Pause, bool HoldsSnapshot);

/// <summary>The rounds of a run, the same for the same seed.</summary>
internal static class FaultPlan
{
    private const double LongestPauseMs = 150;

    /// <param name="seed">Chooses order, nodes and pauses.</param>
    /// <param name="rounds">How many.</param>
    /// <param name="nodes">How many nodes there are.</param>
    /// <param name="faults">What may be done; each of them once before any of them twice.</param>
    public static IReadOnlyList<Round> Make(int seed, int rounds, int nodes, IReadOnlyCollection<Fault> faults)
    {
        var random = new Random(seed);
        var plan = new List<Round>(rounds);
        var deck = new Queue<Fault>();
        while (plan.Count < rounds)
        {
            if (deck.Count == 0)
            {
                var cards = (plan.Count == 0 ? faults : faults.SelectMany(fault => Enumerable.Repeat(fault, Weight(fault)))).ToArray();
                random.Shuffle(cards);
                deck = new Queue<Fault>(cards);
            }

            plan.Add(new Round(
                deck.Dequeue(),
                random.Next(nodes),
                TimeSpan.FromMilliseconds(random.NextDouble() * LongestPauseMs),
                random.Next(3) == 0));
        }

        return plan;
    }

    // Kills are what figures are wanted for; the others cost more time.
    private static int Weight(Fault fault) => FaultNames.IsKill(fault) ? 3 : 1;
}
