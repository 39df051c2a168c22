using WebhookKit.Chaos.History;
using WebhookKit.Deliveries;

namespace WebhookKit.Chaos.Checking;

/// <summary>I8: what a fault took from its owner is taken up within lease, poll and work; in the end nothing is left over.</summary>
internal sealed class Recovery : IInvariant
{
    public const string Id = "I8";

    public IEnumerable<Violation> Check(Evidence evidence)
    {
        var settings = evidence.Settings;
        foreach (var (disruption, taken) in Times(evidence))
        {
            var outage = disruption.Until - disruption.At;
            var wait = outage > settings.LeaseDuration ? outage : settings.LeaseDuration;
            var allowed = wait + settings.PollInterval + settings.WorkAllowance;
            if (taken > allowed)
            {
                yield return new Violation(Id, taken == TimeSpan.MaxValue
                    ? $"Something leased at the {disruption.Fault} of {disruption.At:O} was never taken up again."
                    : $"After the {disruption.Fault} of {disruption.At:O} it took {taken.TotalSeconds:0.0} s, more than {allowed.TotalSeconds:0.0} s, until everything was taken up again.");
            }
        }

        foreach (var (publication, waited) in FanOutTimes(evidence))
        {
            if (waited > settings.LeaseDuration + settings.PollInterval + settings.WorkAllowance + OutageSince(publication, evidence))
            {
                yield return new Violation(Id, $"Message {publication.MessageId}, committed at {publication.EndedAt:O}, waited {waited.TotalSeconds:0.0} s to be fanned out.");
            }
        }

        if (FindLeftOver(evidence) is { Length: > 0 } leftOver)
        {
            yield return new Violation(Id, $"When the run ended there were left over: {string.Join(", ", leftOver)}.");
        }

        foreach (var node in evidence.History.Deaths)
        {
            yield return new Violation(Id, $"Node {node} ended by itself.");
        }
    }

    /// <summary>For each disruption, how long until the last delivery it took from its owner had another, or was finished.</summary>
    public static IEnumerable<(Disruption Disruption, TimeSpan Taken)> Times(Evidence evidence)
    {
        var stories = evidence.Stories.ToDictionary(story => story.Delivery.Id);
        foreach (var disruption in evidence.History.Disruptions)
        {
            var last = disruption.At;
            foreach (var row in evidence.LeasedBy(disruption))
            {
                var moved = stories.GetValueOrDefault(row.DeliveryId)?.Transitions
                    .SkipWhile(transition => transition.After.LeaseId != row.LeaseId)
                    .FirstOrDefault(transition => IsTakenUp(transition, row.LeaseId))?.CommittedAt;
                last = moved is null ? DateTimeOffset.MaxValue : moved > last ? moved.Value : last;
            }

            yield return (disruption, last == DateTimeOffset.MaxValue ? TimeSpan.MaxValue : last - disruption.At);
        }
    }

    private static string[] FindLeftOver(Evidence evidence)
    {
        var unsent = evidence.History.Messages.Count(message => message.IsInOutbox);
        var pending = evidence.History.Deliveries.Where(delivery => delivery.Status == DeliveryStatus.Pending)
            .CountBy(delivery => evidence.Endpoints[delivery.EndpointId].Name)
            .Select(ofEndpoint => $"{ofEndpoint.Value} deliveries to {ofEndpoint.Key}");
        return [.. unsent > 0 ? [$"{unsent} messages"] : Array.Empty<string>(), .. pending];
    }

    private static IEnumerable<(Publication Publication, TimeSpan Waited)> FanOutTimes(Evidence evidence) =>
        from publication in evidence.History.Publications
        where publication.End == PublicationEnd.Committed
        from story in evidence.StoriesOf(publication.MessageId)
        where story.Transitions.Count > 0
        select (publication, story.Transitions[0].CommittedAt - publication.EndedAt!.Value);

    private static TimeSpan OutageSince(Publication publication, Evidence evidence) => evidence.History.Disruptions
        .Where(disruption => disruption.Until > publication.EndedAt)
        .Aggregate(TimeSpan.Zero, (outage, disruption) => outage + (disruption.Until - disruption.At));

    private static bool IsTakenUp(Transition transition, Guid lostLease) =>
        transition.After.Status != DeliveryStatus.Pending || transition.After.LeaseId != lostLease;
}
