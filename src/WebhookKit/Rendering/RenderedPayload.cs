namespace WebhookKit.Rendering;

/// <summary>What a <see cref="PayloadFormat"/> has made of a message: the bytes that are signed and sent in its place.</summary>
public sealed class RenderedPayload
{
    /// <summary>Creates the payload; the bytes are copied.</summary>
    /// <param name="payload">The bytes, at most 512 KiB.</param>
    /// <param name="contentType">Their media type.</param>
    /// <exception cref="ArgumentException">The payload is too large, or the media type is none.</exception>
    public RenderedPayload(ReadOnlyMemory<byte> payload, string contentType = MessageDefaults.ContentType)
    {
        if (payload.Length > MessageDefaults.MaxRenderedBytes)
        {
            throw new ArgumentException(
                $"The payload has {payload.Length:N0} bytes: render at most {MessageDefaults.MaxRenderedBytes:N0}, or leave out what receivers can ask for.",
                nameof(payload));
        }

        MediaType.Check(contentType, nameof(contentType));
        Payload = payload.ToArray();
        ContentType = contentType;
    }

    /// <summary>The bytes.</summary>
    public ReadOnlyMemory<byte> Payload { get; }

    /// <summary>Their media type.</summary>
    public string ContentType { get; }
}
