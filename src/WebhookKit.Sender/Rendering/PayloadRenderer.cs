using Microsoft.Extensions.Logging;
using WebhookKit.Endpoints;

namespace WebhookKit.Rendering;

/// <summary>Renders messages in the formats that policies name; a format that fails is logged and throws nothing.</summary>
internal sealed class PayloadRenderer(EndpointPolicies policies, ILogger<PayloadRenderer> logger)
{
    /// <summary>Stands for a name that no format can have, and no column need hold.</summary>
    private const string InvalidName = "invalid";

    /// <summary>The format of what is sent to the endpoint from now on, under the name it is stored by; null where it is sent as published.</summary>
    public string? FormatOf(WebhookEndpoint endpoint) => policies.PayloadFormatOf(endpoint) is not { } name ? null
        : policies.FindFormat(name) is { } format ? format.Name
        : PayloadFormat.IsValidName(name) ? name
        : InvalidName;

    /// <summary>Renders a message.</summary>
    /// <param name="message">The message.</param>
    /// <param name="name">The name of the format.</param>
    /// <param name="error">For the endpoint's owner: why it could not be done.</param>
    public MessageRendering? Render(WebhookMessage message, string name, out string? error)
    {
        if (policies.FindFormat(name) is not { } format)
        {
            error = $"This sender does not know the payload format '{name}': add it by AddPayloadFormat.";
            return null;
        }

        try
        {
            var rendered = format.Render(message);
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
