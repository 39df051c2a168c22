using WebhookKit.Chaos.History;

namespace WebhookKit.Chaos.Checking;

/// <summary>A history with its facts brought together by message and by delivery.</summary>
internal sealed class Evidence
{
    private readonly ILookup<Guid, DeliveryStory> _ofMessage;

    public Evidence(RunHistory history)
    {
        History = history;
        Messages = history.Messages.ToDictionary(message => message.Id);
        Endpoints = history.Settings.Endpoints.ToDictionary(endpoint => endpoint.Id);
        var transitions = history.Transitions.ToLookup(transition => transition.DeliveryId);
        var attempts = history.Attempts.ToLookup(attempt => attempt.DeliveryId);
        Requests = history.Requests.ToLookup(request => (request.MessageId, request.EndpointId));
        Stories = history.Deliveries
            .Select(delivery => new DeliveryStory(
                delivery,
                transitions[delivery.Id].ToArray(),
                attempts[delivery.Id].OrderBy(attempt => attempt.StartedAt).ToArray(),
                Requests[(delivery.MessageId, delivery.EndpointId)].OrderBy(request => request.ArrivedAt).ToArray()))
            .ToArray();
        _ofMessage = Stories.ToLookup(story => story.Delivery.MessageId);
        LeaseOwners = LeaseOwnersOf(history.Transitions);
    }

    public RunHistory History { get; }

    public RunSettings Settings => History.Settings;

    public IReadOnlyDictionary<Guid, StoredMessage> Messages { get; }

    public IReadOnlyDictionary<Guid, ChaosEndpoint> Endpoints { get; }

    public IReadOnlyList<DeliveryStory> Stories { get; }

    public ILookup<(Guid MessageId, Guid EndpointId), Request> Requests { get; }

    /// <summary>The node that took each lease.</summary>
    public IReadOnlyDictionary<Guid, string> LeaseOwners { get; }

    public IEnumerable<DeliveryStory> StoriesOf(Guid messageId) => _ofMessage[messageId];

    /// <summary>The deliveries that a disruption took from their owner.</summary>
    public IEnumerable<LeasedRow> LeasedBy(Disruption disruption) => disruption.Leased.Where(row =>
        disruption.Node is null || LeaseOwners.GetValueOrDefault(row.LeaseId) == disruption.Node);

    private static Dictionary<Guid, string> LeaseOwnersOf(IReadOnlyList<Transition> transitions)
    {
        var owners = new Dictionary<Guid, string>();
        foreach (var grant in transitions.Where(transition => transition.IsGrant))
        {
            owners.TryAdd(grant.After.LeaseId!.Value, grant.Writer);
        }

        return owners;
    }
}
