namespace WebhookKit;

/// <summary>An event whose payload the host has already written; the bytes are signed and sent as they are.</summary>
/// <param name="EventType">The dotted name, for example <c>invoice.paid</c>.</param>
/// <param name="Payload">The payload, at most 256 KiB.</param>
/// <param name="ContentType">The media type of the payload.</param>
public sealed record RawEvent(
    string EventType,
    ReadOnlyMemory<byte> Payload,
    string ContentType = MessageDefaults.ContentType);
