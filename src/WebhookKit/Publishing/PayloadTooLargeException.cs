namespace WebhookKit;

/// <summary>A payload is larger than may be published; nothing was stored.</summary>
public sealed class PayloadTooLargeException : WebhookException
{
    /// <summary>Creates the exception for a payload.</summary>
    public PayloadTooLargeException(string eventType, int payloadBytes)
        : base($"The payload of '{eventType}' has {payloadBytes:N0} bytes; at most {MessageDefaults.MaxPayloadBytes:N0} may be published. "
            + "Send an id or a link to the large part instead.")
    {
        EventType = eventType;
        PayloadBytes = payloadBytes;
    }

    /// <summary>The event type of the refused payload.</summary>
    public string EventType { get; }

    /// <summary>The size of the refused payload, in bytes.</summary>
    public int PayloadBytes { get; }
}
