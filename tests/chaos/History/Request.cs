namespace WebhookKit.Chaos.History;

/// <summary>A request as the receiver got it.</summary>
internal sealed record Request
{
    public required Guid EndpointId { get; init; }

    public required Guid MessageId { get; init; }

    /// <summary>The node that says it sent it.</summary>
    public required string Node { get; init; }

    public required UInt128 BodyHash { get; init; }

    /// <summary>The signed timestamp, in seconds since 1970.</summary>
    public required long Timestamp { get; init; }

    public required bool IsVerified { get; init; }

    public required DateTimeOffset ArrivedAt { get; init; }

    /// <summary>When the answer was about to be written, or the sender was gone.</summary>
    public required DateTimeOffset EndedAt { get; init; }

    /// <summary>The answer; null when the sender was gone before.</summary>
    public int? StatusCode { get; init; }

    public bool IsAccepted => StatusCode is >= 200 and < 300;
}
