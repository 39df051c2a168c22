namespace WebhookKit.Rendering;

/// <summary>A message in a payload format, as it is stored: written once, like the message itself.</summary>
/// <param name="MessageId">The message.</param>
/// <param name="Format">The name of the format.</param>
/// <param name="ContentType">The media type.</param>
/// <param name="Payload">The exact bytes that are signed and sent.</param>
public sealed record MessageRendering(MessageId MessageId, string Format, string ContentType, ReadOnlyMemory<byte> Payload)
{
    /// <summary>Returns the message as it is sent in this format.</summary>
    public WebhookMessage ApplyTo(WebhookMessage message)
    {
        ArgumentNullException.ThrowIfNull(message);
        return message with { ContentType = ContentType, Payload = Payload };
    }
}
