namespace WebhookKit.Chaos.History;

/// <summary>Everything that was recorded of a run, each fact by whoever cannot be mistaken about it.</summary>
internal sealed record RunHistory
{
    public required RunSettings Settings { get; init; }

    /// <summary>From the nodes' ledgers.</summary>
    public IReadOnlyList<Publication> Publications { get; init; } = [];

    /// <summary>The orders in the database: the publications that committed.</summary>
    public IReadOnlySet<Guid> Orders { get; init; } = new HashSet<Guid>();

    public IReadOnlyList<StoredMessage> Messages { get; init; } = [];

    public IReadOnlyList<StoredDelivery> Deliveries { get; init; } = [];

    public IReadOnlyList<StoredAttempt> Attempts { get; init; } = [];

    /// <summary>In the order they were made, for each row.</summary>
    public IReadOnlyList<Transition> Transitions { get; init; } = [];

    public IReadOnlyList<Request> Requests { get; init; } = [];

    public IReadOnlyList<Disruption> Disruptions { get; init; } = [];

    /// <summary>Nodes that ended without being killed.</summary>
    public IReadOnlyList<string> Deaths { get; init; } = [];
}
