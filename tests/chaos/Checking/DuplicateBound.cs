using WebhookKit.Chaos.History;

namespace WebhookKit.Chaos.Checking;

/// <summary>I3: no more duplicates than leases that ended without completion; same id, same bytes.</summary>
internal sealed class DuplicateBound : IInvariant
{
    public const string Id = "I3";

    public IEnumerable<Violation> Check(Evidence evidence)
    {
        var count = Count(evidence);
        if (count.Duplicates > count.Allowed)
        {
            yield return new Violation(Id, $"{count.Duplicates} duplicates, but only {count.Allowed} leases were lost.");
        }

        foreach (var story in evidence.Stories)
        {
            var expired = story.ExpiredLeases.Count();
            if (story.Duplicates > expired)
            {
                yield return new Violation(
                    Id, $"Delivery {story.Delivery.Id} has {story.Duplicates} duplicates, but {expired} of its leases ended without completion.");
            }
        }

        foreach (var violation in SecondDeliveries(evidence).Concat(ChangedBytes(evidence)))
        {
            yield return violation;
        }
    }

    /// <summary>Counts over the whole run.</summary>
    /// <returns>
    /// <c>Allowed</c>: what was leased by the struck nodes at each disruption, and leases that ended without
    /// completion for no fault of ours (<c>Unexplained</c>), as on an overloaded machine.
    /// </returns>
    public static (int Duplicates, int Allowed, int Unexplained) Count(Evidence evidence)
    {
        var taken = evidence.History.Disruptions.SelectMany(evidence.LeasedBy).ToArray();
        var explained = taken.ToHashSet();
        var unexplained = evidence.Stories.SelectMany(story => story.ExpiredLeases).Count(lease => !explained.Contains(lease));
        return (evidence.Stories.Sum(story => story.Duplicates), taken.Length + unexplained, unexplained);
    }

    private static IEnumerable<Violation> SecondDeliveries(Evidence evidence) => evidence.Stories
        .GroupBy(story => (story.Delivery.MessageId, story.Delivery.EndpointId))
        .Where(deliveries => deliveries.Count() > 1)
        .Select(deliveries => new Violation(
            Id, $"Message {deliveries.Key.MessageId} has {deliveries.Count()} deliveries to endpoint {deliveries.Key.EndpointId}."));

    private static IEnumerable<Violation> ChangedBytes(Evidence evidence) => evidence.History.Requests
        .Where(request => evidence.Messages.TryGetValue(request.MessageId, out var message) && message.PayloadHash != request.BodyHash)
        .Select(request => new Violation(Id, $"{request.Node} sent message {request.MessageId} with other bytes than were stored."));
}
