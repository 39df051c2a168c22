using System.Text.Json;
using WebhookKit.Publishing;

namespace WebhookKit.Rendering;

/// <summary>A message as a CloudEvent in JSON.</summary>
internal static class CloudEvent
{
    private const string ContentType = "application/cloudevents+json; charset=utf-8";

    public static RenderedPayload Render(WebhookMessage message, string source)
    {
        using var buffer = new PayloadBuffer();
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            json.WriteString("specversion"u8, "1.0"u8);
            json.WriteString("id"u8, message.Id.ToString());
            json.WriteString("source"u8, source);
            json.WriteString("type"u8, message.EventType);
            json.WriteString("time"u8, MessageFactory.FormatTimestamp(message.OccurredAt));
            json.WriteString("datacontenttype"u8, message.ContentType);
            WriteData(json, message);
            json.WriteEndObject();
        }

        return new RenderedPayload(buffer.WrittenMemory, ContentType);
    }

    private static void WriteData(Utf8JsonWriter json, WebhookMessage message)
    {
        var payload = message.Payload.Span;
        if (!JsonPayload.IsJson(message))
        {
            json.WriteBase64String("data_base64"u8, payload);
            return;
        }

        // As it was written: numbers keep their digits and texts their escapes.
        json.WritePropertyName("data"u8);
        json.WriteRawValue(JsonPayload.FindData(message) is { } data ? payload[data] : payload, skipInputValidation: true);
    }
}
