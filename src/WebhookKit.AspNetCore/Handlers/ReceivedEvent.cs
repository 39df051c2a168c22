using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using WebhookKit.Receiving;

namespace WebhookKit.Handlers;

/// <summary>A verified event before its data is bound; bound anew for each run, so that no run sees another's changes.</summary>
internal sealed class ReceivedEvent(
    ReceivedWebhook webhook, HandlerRegistration[] handlers, JsonPointer dataPointer, JsonSerializerOptions json)
{
    public ReceivedWebhook Webhook => webhook;

    /// <summary>Runs the handlers in their order.</summary>
    public async Task HandleAsync(IServiceProvider scope, CancellationToken cancellationToken)
    {
        foreach (var handler in handlers)
        {
            await handler.Invoke(this, scope, cancellationToken);
        }
    }

    /// <exception cref="DataBindingException">The data is missing or does not fit the type.</exception>
    public ReceivedWebhook<T> Bind<T>() => new()
    {
        Source = webhook.Source,
        Id = webhook.Id,
        EventType = webhook.EventType,
        Timestamp = webhook.Timestamp,
        TenantId = webhook.TenantId,
        ContentType = webhook.ContentType,
        Payload = webhook.Payload,
        Data = BindData<T>(),
    };

    private T BindData<T>()
    {
        var text = JsonText.WithoutByteOrderMark(webhook.Payload.Span);
        if (dataPointer.Find(text, out var data) is not JsonPointerResult.Found and var result)
        {
            throw new DataBindingException(typeof(T), $"{result} at '{dataPointer}'");
        }

        try
        {
            return JsonSerializer.Deserialize(text[data], (JsonTypeInfo<T>)json.GetTypeInfo(typeof(T)))
                ?? throw new DataBindingException(typeof(T), "it is null");
        }
        catch (JsonException exception)
        {
            // The message and path of a JsonException may quote the payload; the position does not.
            throw new DataBindingException(
                typeof(T), $"line {exception.LineNumber}, byte {exception.BytePositionInLine} of '{dataPointer}'");
        }
    }
}
