using System.Text;
using System.Text.Json;

namespace WebhookKit.Receiving;

/// <summary>Reads pieces of JSON.</summary>
internal static class JsonText
{
    /// <summary>Leaves out a byte order mark, which is signed like every other byte but is not JSON (RFC 8259 section 8.1).</summary>
    public static ReadOnlySpan<byte> WithoutByteOrderMark(ReadOnlySpan<byte> payload) =>
        payload.StartsWith("\uFEFF"u8) ? payload["\uFEFF"u8.Length..] : payload;

    /// <summary>Whether a text has characters that could forge a line of a log (Unicode category Cc).</summary>
    public static bool HasControlCharacters(ReadOnlySpan<char> text) =>
        text.ContainsAnyInRange('\u0000', '\u001f') || text.ContainsAnyInRange('\u007f', '\u009f');

    /// <summary>Reads a text that names something, or a number as it is written; null for anything else.</summary>
    /// <remarks>Names go into logs and tables: an empty one is none, and so is one with control characters.</remarks>
    public static string? ReadName(ReadOnlySpan<byte> json)
    {
        var reader = new Utf8JsonReader(json);
        reader.Read();
        try
        {
            var name = reader.TokenType switch
            {
                JsonTokenType.String => reader.GetString(),
                JsonTokenType.Number => Encoding.UTF8.GetString(reader.ValueSpan),
                _ => null,
            };
            return name is { Length: > 0 } && !HasControlCharacters(name) ? name : null;
        }
        catch (InvalidOperationException)
        {
            // Half a surrogate pair, or bytes that are not UTF-8.
            return null;
        }
    }
}
