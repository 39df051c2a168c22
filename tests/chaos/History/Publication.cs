namespace WebhookKit.Chaos.History;

/// <summary>One message that a node meant to publish, and what its publisher came to know about the commit.</summary>
internal sealed record Publication
{
    /// <summary>Also the id of the order that commits with the message.</summary>
    public required Guid MessageId { get; init; }

    public required string EventType { get; init; }

    public string? OrderingKey { get; init; }

    public string? IdempotencyKey { get; init; }

    /// <summary>Before anything of it was sent to the database.</summary>
    public required DateTimeOffset BegunAt { get; init; }

    public PublicationEnd End { get; init; }

    /// <summary>When the publisher knew <see cref="End"/>; <see langword="null"/> when it never did.</summary>
    public DateTimeOffset? EndedAt { get; init; }
}

internal enum PublicationEnd
{
    /// <summary>The connection or the node ended first: the order's row in the database tells.</summary>
    Unknown = 0,
    Committed = 1,
    RolledBack = 2,
}
