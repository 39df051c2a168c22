using WebhookKit.Chaos.History;

namespace WebhookKit.Chaos.Checking;

/// <summary>I2: nothing exists and nothing is delivered of a publish that did not commit.</summary>
internal sealed class NoPhantom : IInvariant
{
    public const string Id = "I2";

    public IEnumerable<Violation> Check(Evidence evidence) =>
        RolledBackOrders(evidence).Concat(Messages(evidence)).Concat(Deliveries(evidence)).Concat(Requests(evidence))
            .Select(what => new Violation(Id, what));

    private static IEnumerable<string> RolledBackOrders(Evidence evidence) => evidence.History.Publications
        .Where(publication => publication.End == PublicationEnd.RolledBack && evidence.History.Orders.Contains(publication.MessageId))
        .Select(publication => $"Order {publication.MessageId} is there although its publisher rolled back.");

    private static IEnumerable<string> Messages(Evidence evidence)
    {
        var meant = evidence.History.Publications.Select(publication => publication.MessageId).ToHashSet();
        foreach (var message in evidence.History.Messages)
        {
            if (!evidence.History.Orders.Contains(message.Id))
            {
                yield return $"Message {message.Id} is stored although its order did not commit.";
            }
            else if (!meant.Contains(message.Id))
            {
                yield return $"Message {message.Id} was published by nobody.";
            }
        }
    }

    private static IEnumerable<string> Deliveries(Evidence evidence) => evidence.History.Deliveries
        .Where(delivery => !evidence.History.Orders.Contains(delivery.MessageId))
        .Select(delivery => $"Delivery {delivery.Id} is of message {delivery.MessageId}, whose order did not commit.");

    private static IEnumerable<string> Requests(Evidence evidence)
    {
        var delivered = evidence.History.Deliveries.Select(delivery => (delivery.MessageId, delivery.EndpointId)).ToHashSet();
        return evidence.History.Requests
            .Where(request => !delivered.Contains((request.MessageId, request.EndpointId)))
            .Select(request => $"{request.Node} sent message {request.MessageId} to endpoint {request.EndpointId}, for which there is no delivery.");
    }
}
