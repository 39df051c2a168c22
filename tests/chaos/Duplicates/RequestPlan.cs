namespace WebhookKit.Chaos.Duplicates;

/// <summary>One request: an event's claim key is its source and number.</summary>
internal readonly record struct PlannedRequest(string Source, int Number);

/// <summary>Which events are sent how often and in which order.</summary>
internal static class RequestPlan
{
    private const int MaxCopies = 5;

    // Most copies of an event come close together, as the retries of an impatient sender do; some come much later.
    private const int Near = 24;
    private const double FarShare = 0.1;

    public static IReadOnlyList<PlannedRequest> Make(int requests, int seed)
    {
        var random = new Random(seed);
        var placed = new List<(double Place, PlannedRequest Request)>(requests);
        for (var number = 0; placed.Count < requests; number++)
        {
            // The same number at every source: what one of them has claimed is not the others'.
            foreach (var source in ReceivingNode.Sources)
            {
                var first = placed.Count;
                var copies = Math.Min(1 + random.Next(MaxCopies), requests - placed.Count);
                for (var copy = 0; copy < copies; copy++)
                {
                    var place = random.NextDouble() < FarShare ? random.Next(requests) : first + random.Next(Near);
                    placed.Add((place, new PlannedRequest(source, number)));
                }
            }
        }

        return [.. placed.OrderBy(one => one.Place).Select(one => one.Request)];
    }
}
