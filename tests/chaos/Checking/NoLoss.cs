using WebhookKit.Chaos.History;
using WebhookKit.Deliveries;

namespace WebhookKit.Chaos.Checking;

/// <summary>I1: each committed publish ends delivered, pending, in another final status with a reason, or a duplicate of a named message.</summary>
internal sealed class NoLoss : IInvariant
{
    public const string Id = "I1";

    public IEnumerable<Violation> Check(Evidence evidence) => evidence.History.Publications
        .Select(publication => (publication, fault: FindLoss(publication, evidence)))
        .Where(found => found.fault is not null)
        .Select(found => new Violation(Id, $"Message {found.publication.MessageId} ({found.publication.EventType}): {found.fault}."));

    private static string? FindLoss(Publication publication, Evidence evidence)
    {
        if (!evidence.History.Orders.Contains(publication.MessageId))
        {
            return publication.End == PublicationEnd.Committed ? "its publisher saw the commit, but the order is gone" : null;
        }

        if (!evidence.Messages.TryGetValue(publication.MessageId, out var message))
        {
            return "the order committed without it";
        }

        if (message.IsInOutbox)
        {
            return null;
        }

        var stories = evidence.StoriesOf(message.Id).ToArray();
        return message.DuplicateOf is { } first
            ? FindFalseDuplicate(message, first, stories, evidence)
            : evidence.Settings.Endpoints
                .Where(endpoint => endpoint.EventType == publication.EventType)
                .Select(endpoint => FindLoss(endpoint, stories))
                .FirstOrDefault(fault => fault is not null);
    }

    private static string? FindFalseDuplicate(StoredMessage message, Guid first, DeliveryStory[] stories, Evidence evidence) =>
        !evidence.Messages.TryGetValue(first, out var named) || named.DuplicateOf is not null
            || named.IdempotencyKey is null || named.IdempotencyKey != message.IdempotencyKey
            ? $"it was dropped as a duplicate of {first}, which it is not"
            : stories.Length > 0 ? $"it was delivered although it is a duplicate of {first}" : null;

    private static string? FindLoss(ChaosEndpoint endpoint, DeliveryStory[] stories)
    {
        var story = Array.Find(stories, candidate => candidate.Delivery.EndpointId == endpoint.Id);
        return story?.Delivery switch
        {
            null => $"no delivery to {endpoint.Name} was made",
            { Status: DeliveryStatus.Pending } => null,
            { Status: DeliveryStatus.Succeeded } => story.Requests.Any(request => request.IsAccepted)
                ? null
                : $"its delivery to {endpoint.Name} is said to have succeeded, but the receiver never accepted it",
            { Reason: DeliveryStatusReason.None } delivery => $"its delivery to {endpoint.Name} is {delivery.Status} without a reason",
            _ => null,
        };
    }
}
