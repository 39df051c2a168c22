using System.Buffers;
using System.Text.Json;

namespace WebhookKit.Handshakes;

/// <summary>Writes the small objects that answers are; the default encoder leaves nothing that could end a script.</summary>
internal static class JsonAnswer
{
    public static ReadOnlyMemory<byte> Write(params ReadOnlySpan<(string Member, string Value)> members)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using var writer = new Utf8JsonWriter(buffer);
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
