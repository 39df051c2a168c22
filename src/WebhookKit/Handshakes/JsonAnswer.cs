using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace WebhookKit.Handshakes;

/// <summary>Writes the small objects that answers are.</summary>
internal static class JsonAnswer
{
    // The default encoder writes the '+' of base64 as an escape, which not everyone who compares texts undoes. Markup is kept
    // out by the forms of challenges, and by what the response says of its type.
    private static readonly JsonWriterOptions Plain = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static ReadOnlyMemory<byte> Write(params ReadOnlySpan<(string Member, string Value)> members)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using var writer = new Utf8JsonWriter(buffer, Plain);
        writer.WriteStartObject();
        foreach (var (member, value) in members)
        {
            writer.WriteString(member, value);
        }

        writer.WriteEndObject();
        writer.Flush();
        return buffer.WrittenMemory;
    }
}
