using System.Buffers;
using System.Text;
using System.Text.Json;

namespace WebhookKit.Cli.Verification;

/// <summary>What commonly happens to a body on its way, each undone: if the result verifies, that is what happened.</summary>
internal static class Alterations
{
    private static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    public static IEnumerable<(string What, byte[] Original)> Undo(byte[] body)
    {
        yield return ("A line break was added at its end.", body.AsSpan().TrimEnd("\r\n"u8).ToArray());
        yield return ("The line break at its end was lost.", [.. body, (byte)'\n']);
        yield return ("The line break at its end was lost.", [.. body, (byte)'\r', (byte)'\n']);
        yield return ("CRLF line breaks became LF.", Replace(body, "\n", "\r\n"));
        yield return ("LF line breaks became CRLF.", Replace(body, "\r\n", "\n"));
        yield return ("A byte order mark was added.", body.AsSpan().StartsWith("\uFEFF"u8) ? body["\uFEFF"u8.Length..] : body);
        yield return ("A byte order mark was lost.", [.. "\uFEFF"u8, .. body]);
        if (TryDecodeTwice(body) is { } decoded)
        {
            yield return ("Its UTF-8 was read as Latin-1 and encoded anew.", decoded);
        }

        foreach (var indented in (bool[])[false, true])
        {
            if (TryRewrite(body, indented) is { } rewritten)
            {
                yield return ("Its JSON was parsed and written anew.", rewritten);
            }
        }
    }

    private static byte[] Replace(byte[] body, string from, string to) =>
        Encoding.Latin1.GetBytes(Encoding.Latin1.GetString(body).Replace(from, to, StringComparison.Ordinal));

    private static byte[]? TryDecodeTwice(byte[] body)
    {
        try
        {
            var text = Strict.GetString(body);
            return text.All(character => character <= 'ÿ') ? Encoding.Latin1.GetBytes(text) : null;
        }
        catch (DecoderFallbackException)
        {
            return null;
        }
    }

    private static byte[]? TryRewrite(byte[] body, bool indented)
    {
        try
        {
            using var document = JsonDocument.Parse(body);
            var buffer = new ArrayBufferWriter<byte>();
            using var writer = new Utf8JsonWriter(buffer, new JsonWriterOptions { Indented = indented, NewLine = "\n" });
            document.WriteTo(writer);
            writer.Flush();
            return buffer.WrittenSpan.ToArray();
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
