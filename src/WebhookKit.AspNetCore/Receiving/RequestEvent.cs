namespace WebhookKit.Receiving;

/// <summary>One event of a verified request.</summary>
/// <param name="EventType">The event type.</param>
/// <param name="ClaimKey">What its copies have in common.</param>
/// <param name="ContentType">The media type of its bytes.</param>
/// <param name="Payload">Its own bytes.</param>
internal readonly record struct RequestEvent(string EventType, string ClaimKey, string? ContentType, ReadOnlyMemory<byte> Payload)
{
    public ReceivedWebhook ToWebhook(string source, ReceivedRequest request) => new()
    {
        Source = source,
        Id = ClaimKey,
        EventType = EventType,
        Timestamp = request.SignedAt,
        TenantId = request.TenantId,
        ContentType = ContentType,
        Payload = Payload,
    };
}
