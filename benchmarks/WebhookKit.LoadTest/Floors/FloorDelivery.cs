namespace WebhookKit.LoadTest.Floors;

/// <summary>One delivery of the floor, with what its attempt came to.</summary>
internal sealed class FloorDelivery
{
    public required Guid MessageId { get; init; }

    public required byte[] Payload { get; init; }

    public required string ContentType { get; init; }

    public required FloorEndpoint Endpoint { get; init; }

    public Guid Id { get; init; }

    public Guid LeaseId { get; init; }

    public Guid AttemptId { get; set; }

    public DateTimeOffset StartedAt { get; set; }

    public TimeSpan Duration { get; set; }

    public int StatusCode { get; set; }
}
