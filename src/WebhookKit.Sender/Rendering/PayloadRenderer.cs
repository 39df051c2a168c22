using Microsoft.Extensions.Logging;
using WebhookKit.Endpoints;

namespace WebhookKit.Rendering;

/// <summary>Renders messages in the formats that policies name; a format that fails is logged and throws nothing.</summary>
internal sealed class PayloadRenderer(EndpointPolicies policies, ILogger<PayloadRenderer> logger)
{
    /// <summary>Stored where a policy says what no format can be called, or cannot be said itself: no delivery may be sent as published instead.</summary>
    private const string NoName = "?";

    /// <summary>
    /// The format of what is sent to the endpoint from now on, as it is stored; null where it is sent as published. One spelling
    /// of each, for databases that take all spellings for one.
    /// </summary>
    public string? FormatOf(WebhookEndpoint endpoint) =>
        !policies.TryFindFormatName(endpoint, out var name) ? NoName
        : name is null ? null
        : PayloadFormat.IsValidName(name) ? name.ToLowerInvariant()
        : NoName;

    /// <summary>Renders a message.</summary>
    /// <param name="message">The message.</param>
    /// <param name="name">The name of the format, as it is stored.</param>
    /// <param name="error">For the endpoint's owner: why it could not be done.</param>
    public MessageRendering? Render(WebhookMessage message, string name, out string? error)
    {
        if (policies.FindFormat(name) is not { } format)
        {
            error = name == NoName
                ? "The policy named a payload format that cannot be one, or could not be asked at fan-out: use the name of one that AddPayloadFormat has added."
                : $"This sender does not know the payload format '{name}': add it by AddPayloadFormat.";
            return null;
        }

        try
        {
            var rendered = format.Render(message) ?? throw new InvalidOperationException("The payload format has made nothing of the message.");
            error = null;
            return new MessageRendering(message.Id, name, rendered.ContentType, rendered.Payload);
        }
        catch (Exception exception)
        {
            logger.RenderingFailed(exception, message.Id, format.Name);
            error = $"The message could not be rendered in the payload format '{format.Name}'.";
            return null;
        }
    }
}
