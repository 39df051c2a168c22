using Microsoft.Extensions.DependencyInjection;
using WebhookKit.EventTypes;
using WebhookKit.Publishing;

namespace WebhookKit.Handlers;

/// <summary>Publishes received events anew, to the application's own endpoints.</summary>
internal static class Forwarding
{
    /// <exception cref="ArgumentException">The text is no event-type name.</exception>
    public static string RequireEventType(string name) => EventTypeName.IsValid(name)
        ? name
        : throw new ArgumentException(
            $"'{name}' cannot be published: an event type is dotted segments of letters, digits and '_'. "
            + "Name one of your own, for example Forward(\"orders/create\", publishAs: \"shop.order.created\").",
            nameof(name));

    /// <summary>Publishes the bytes as they were received, in the transaction of the handler.</summary>
    public static async Task PublishAsync(
        ReceivedWebhook webhook, string eventType, IServiceProvider scope, CancellationToken cancellationToken)
    {
        var rawEvent = new RawEvent(eventType, webhook.Payload, webhook.ContentType ?? MessageDefaults.ContentType);
        await scope.GetRequiredService<IHandlerPublisher>().PublishRawAsync(
            rawEvent, new PublishOptions { TenantId = webhook.TenantId }, cancellationToken);
    }
}
