using WebhookKit.Testing;

namespace WebhookKit.EndToEnd.Tests.Nodes;

/// <summary>How close to each other requests were.</summary>
internal static class Pace
{
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);

    public static DateTimeOffset[] Of(IEnumerable<ReceivedRequest> requests) => [.. requests.Select(request => request.ArrivedAt).Order()];

    /// <summary>How many of the given instants, in their order, lie in the second that has the most of them.</summary>
    public static int InFullestSecond(IReadOnlyList<DateTimeOffset> instants)
    {
        var (most, first) = (0, 0);
        for (var last = 0; last < instants.Count; last++)
        {
            while (instants[last] - instants[first] >= Second)
            {
                first++;
            }

            most = Math.Max(most, last - first + 1);
        }

        return most;
    }

    /// <summary>Fails for a request before its slot: whatever holds one up makes it late, never early.</summary>
    public static void AssertSlots(IReadOnlyList<DateTimeOffset> instants, DateTimeOffset began, EndpointRate rate) => Assert.All(
        instants.Select((instant, slot) => instant - began - (slot * rate.Interval)),
        early => Assert.True(early > TimeSpan.FromMilliseconds(-50), $"A request came {-early.TotalMilliseconds} ms before its slot."));
}
