using System.Text.Json;

namespace WebhookKit.Receiving;

/// <summary>Reads the event type from a payload.</summary>
internal static class EventTypeReader
{
    private const int MaxLength = 256;

    /// <summary>Returns the event type, or null and in <paramref name="reason"/> why there is none.</summary>
    public static string? Read(ReadOnlySpan<byte> payload, JsonPointer pointer, out string reason)
    {
        var text = JsonText.WithoutByteOrderMark(payload);
        var result = pointer.Find(text, out var value);
        reason = result.ToString();
        if (result != JsonPointerResult.Found)
        {
            return null;
        }

        // Event types go into logs: what could forge a line there is none.
        if (ReadString(text[value]) is { Length: > 0 and <= MaxLength } eventType && !eventType.Any(char.IsControl))
        {
            return eventType;
        }

        reason = "NoEventTypeName";
        return null;
    }

    private static string? ReadString(ReadOnlySpan<byte> json)
    {
        var reader = new Utf8JsonReader(json);
        reader.Read();
        try
        {
            return reader.TokenType == JsonTokenType.String ? reader.GetString() : null;
        }
        catch (InvalidOperationException)
        {
            // Half a surrogate pair, or bytes that are not UTF-8.
            return null;
        }
    }
}
