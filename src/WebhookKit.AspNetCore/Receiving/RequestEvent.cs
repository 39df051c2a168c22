namespace WebhookKit.Receiving;

/// <summary>One event of a verified request.</summary>
/// <param name="EventType">The event type.</param>
/// <param name="ClaimKey">What its copies have in common.</param>
/// <param name="Payload">Its own bytes.</param>
internal readonly record struct RequestEvent(string EventType, string ClaimKey, ReadOnlyMemory<byte> Payload);
