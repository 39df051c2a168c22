namespace WebhookKit;

/// <summary>The bounds that every message keeps.</summary>
public static class MessageDefaults
{
    /// <summary>The media type of a payload that names none.</summary>
    public const string ContentType = "application/json";

    /// <summary>The largest payload that may be published: 256 KiB, in bytes.</summary>
    public const int MaxPayloadBytes = 256 * 1024;

    /// <summary>The largest payload that a payload format may render: 512 KiB, in bytes, for an envelope around the largest that is published.</summary>
    public const int MaxRenderedBytes = 512 * 1024;

    /// <summary>The longest tenant id, idempotency key or ordering key, in characters.</summary>
    public const int MaxKeyLength = 128;
}
