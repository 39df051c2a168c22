using WebhookKit.Chaos.History;
using WebhookKit.Deliveries;

namespace WebhookKit.Chaos.Checking;

/// <summary>I11: at ordered endpoints, what was committed before another of its ordering key was published is finished before that arrives.</summary>
internal sealed class KeyOrder : IInvariant
{
    public const string Id = "I11";

    public IEnumerable<Violation> Check(Evidence evidence) =>
        from endpoint in evidence.Settings.Endpoints
        where endpoint.IsOrdered
        from ofKey in evidence.History.Publications
            .Where(publication => publication.OrderingKey is not null && publication.EventType == endpoint.EventType
                && evidence.History.Orders.Contains(publication.MessageId))
            .GroupBy(publication => publication.OrderingKey)
        from violation in Check(evidence, endpoint, ofKey)
        select violation;

    private static IEnumerable<Violation> Check(Evidence evidence, ChaosEndpoint endpoint, IEnumerable<Publication> ofKey)
    {
        // Who learned of no commit promises nothing to those behind.
        var promised = new Queue<Publication>(ofKey.Where(publication => publication.End == PublicationEnd.Committed)
            .OrderBy(publication => publication.EndedAt));
        (Publication? Publication, DateTimeOffset At) latest = (null, DateTimeOffset.MinValue);
        foreach (var publication in ofKey.OrderBy(publication => publication.BegunAt))
        {
            while (promised.TryPeek(out var earlier) && earlier.EndedAt < publication.BegunAt)
            {
                promised.Dequeue();
                var finishedAt = FinishedAt(evidence, earlier, endpoint);
                latest = finishedAt > latest.At ? (earlier, finishedAt) : latest;
            }

            var arrived = evidence.Requests[(publication.MessageId, endpoint.Id)]
                .Select(request => request.ArrivedAt).DefaultIfEmpty(DateTimeOffset.MaxValue).Min();
            if (arrived < latest.At)
            {
                yield return new Violation(
                    Id,
                    $"With key {publication.OrderingKey}, message {publication.MessageId} reached {endpoint.Name} at {arrived:O}, "
                    + $"before {latest.Publication!.MessageId}, which was committed first, was finished.");
            }
        }
    }

    private static DateTimeOffset FinishedAt(Evidence evidence, Publication publication, ChaosEndpoint endpoint)
    {
        var accepted = evidence.Requests[(publication.MessageId, endpoint.Id)].Where(request => request.IsAccepted)
            .Select(request => request.EndedAt).DefaultIfEmpty(DateTimeOffset.MaxValue).Min();
        var ended = evidence.StoriesOf(publication.MessageId)
            .Where(story => story.Delivery.EndpointId == endpoint.Id)
            .SelectMany(story => story.Transitions)
            .Where(transition => transition.After.Status != DeliveryStatus.Pending)
            .Select(transition => transition.At).DefaultIfEmpty(DateTimeOffset.MaxValue).Min();
        return accepted < ended ? accepted : ended;
    }
}
