namespace WebhookKit.Rendering;

/// <summary>The payload formats that need no code of the host.</summary>
public static class PayloadFormats
{
    /// <summary>Renders messages as CloudEvents 1.0 in the structured mode of HTTP, with JSON (<c>application/cloudevents+json</c>).</summary>
    /// <param name="source">The <c>source</c> attribute, a URI that names the publisher: <c>https://shop.example</c> or <c>/shop/orders</c>.</param>
    /// <param name="name">The name in policies.</param>
    /// <remarks>
    /// <c>id</c> is the message's id, <c>type</c> its event type and <c>time</c> when it happened. <c>data</c> is the <c>data</c> member of a
    /// Standard Webhooks payload and the whole of another JSON payload; a payload that is not JSON becomes <c>data_base64</c>.
    /// Sources: CloudEvents 1.0.2, JSON event format 1.0.2 section 3, HTTP protocol binding 1.0.2 section 3.2.
    /// </remarks>
    /// <exception cref="ArgumentException">The source is no URI reference, or the name cannot be used.</exception>
    public static PayloadFormat CloudEvents(string source, string name = "cloudevents")
    {
        ArgumentException.ThrowIfNullOrEmpty(source);
        return Uri.IsWellFormedUriString(source, UriKind.RelativeOrAbsolute)
            ? new PayloadFormat(name, message => CloudEvent.Render(message, source))
            : throw new ArgumentException($"'{source}' is not a URI such as 'https://shop.example' or '/shop/orders'.", nameof(source));
    }
}
