using System.Text.Json;
using System.Text.Unicode;

namespace WebhookKit.Rendering;

/// <summary>Looks into payloads that are JSON.</summary>
internal static class JsonPayload
{
    // As deep as the writer of payloads goes.
    private static readonly JsonReaderOptions Options = new() { MaxDepth = 1000 };

    /// <summary>Whether the payload says that it is JSON, and is one value of it.</summary>
    public static bool IsJson(WebhookMessage message)
    {
        var mediaType = message.ContentType.AsSpan();
        var parameters = mediaType.IndexOf(';');
        mediaType = (parameters < 0 ? mediaType : mediaType[..parameters]).Trim();
        return (mediaType.Equals("application/json", StringComparison.OrdinalIgnoreCase) || mediaType.EndsWith("+json", StringComparison.OrdinalIgnoreCase))
            && IsOneValue(message.Payload.Span);
    }

    /// <summary>Finds the <c>data</c> member of a payload that is <c>{"type":…,"timestamp":…,"data":…}</c> with the message's event type; it must be JSON.</summary>
    public static Range? FindData(WebhookMessage message)
    {
        var json = new Utf8JsonReader(message.Payload.Span, Options);
        if (!json.Read() || json.TokenType != JsonTokenType.StartObject
            || !IsNext(ref json, "type"u8) || json.TokenType != JsonTokenType.String || !json.ValueTextEquals(message.EventType)
            || !IsNext(ref json, "timestamp"u8) || json.TokenType != JsonTokenType.String
            || !IsNext(ref json, "data"u8))
        {
            return null;
        }

        var start = (int)json.TokenStartIndex;
        json.Skip();
        var end = (int)json.BytesConsumed;
        return json.Read() && json.TokenType == JsonTokenType.EndObject ? start..end : null;
    }

    private static bool IsOneValue(ReadOnlySpan<byte> payload)
    {
        if (!Utf8.IsValid(payload))
        {
            // The reader looks into no text that nobody asks for.
            return false;
        }

        try
        {
            var json = new Utf8JsonReader(payload, Options);
            while (json.Read())
            {
            }

            return true;
        }
        catch (JsonException)
        {
            return false;
        }
    }

    private static bool IsNext(ref Utf8JsonReader json, ReadOnlySpan<byte> name) =>
        json.Read() && json.TokenType == JsonTokenType.PropertyName && json.ValueTextEquals(name) && json.Read();
}
