using WebhookKit.Chaos.History;

namespace WebhookKit.Chaos.Checking;

/// <summary>How many requests of a delivery were in flight at once while the leases they were sent under stood.</summary>
internal static class Overlap
{
    public static int Of(DeliveryStory story)
    {
        if (story.Requests.Count < 2)
        {
            return story.Requests.Count;
        }

        var edges = new List<(DateTimeOffset At, int Change)>();
        foreach (var (request, lease, _) in story.Sent)
        {
            var liveUntil = lease is null || lease.DueAt > request.EndedAt ? request.EndedAt : lease.DueAt;
            if (liveUntil > request.ArrivedAt)
            {
                edges.Add((request.ArrivedAt, 1));
                edges.Add((liveUntil, -1));
            }
        }

        int most = 0, now = 0;
        foreach (var edge in edges.OrderBy(edge => edge.At).ThenBy(edge => edge.Change))
        {
            now += edge.Change;
            most = Math.Max(most, now);
        }

        return most;
    }
}
